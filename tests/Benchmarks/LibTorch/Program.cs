using System.Globalization;

using TorchSharp;

using Trainer.Benchmarks;

// Usage: Trainer.LibTorch.Benchmarks gemm|step SECONDS. One JSON object a figure on standard output, one thread.
if (args is not [("gemm" or "step") and var subject, var text]
    || !double.TryParse(text, CultureInfo.InvariantCulture, out double seconds))
{
    await Console.Error.WriteLineAsync("usage: Trainer.LibTorch.Benchmarks gemm|step SECONDS");
    return 2;
}

torch.set_num_threads(1);
torch.set_num_interop_threads(1);
torch.manual_seed(1);
IEnumerable<string> figures = subject == "gemm" ? TorchProducts.Measure(seconds) : TorchSteps.Measure(seconds);
foreach (string figure in figures)
{
    await Console.Out.WriteLineAsync(figure);
}

return 0;
