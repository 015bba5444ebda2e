using Trainer.Commands;

return await CommandLine.RunAsync(args);
