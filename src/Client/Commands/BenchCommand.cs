using System.CommandLine;

using Trainer.Benchmarks;
using Trainer.Backends;
using Trainer.Kernels;

namespace Trainer.Commands;

/// <summary><c>trainer bench [gemm|step]</c>: how fast this machine computes.</summary>
internal static class BenchCommand
{
    private const string Gemm = "gemm";
    private const string Step = "step";

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(0.5);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var subject = new Argument<string?>("WHAT")
        {
            Description = "gemm (products of layers) or step (training steps). Default: both.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        subject.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not (Gemm or Step) and { } value }])
            {
                result.AddError($"WHAT is '{value}'; it takes {Gemm} or {Step} (exchange is not built yet).");
            }
        });
        Option<int?> threads = Flags.Integer(
            "--threads",
            "N",
            1,
            Flags.MaximumThreads,
            "Compute threads of a training step; with several also as many runs side by side. Default: 1.");
        Option<bool> json = Flags.Json();
        var bench = new DocumentedCommand(
            "bench",
            "Measure this machine: products of layers, training steps.",
            "trainer bench",
            "trainer bench step --json",
            "trainer bench step --threads 2")
        {
            subject, threads, json,
        };
        bench.SetAction(result => CommandRunner.RunAsync(
            async stop =>
            {
                string? what = result.GetValue(subject);
                BenchReport report = Measure(
                    what == Step ? [] : GemmBenchmark.Shapes,
                    what == Gemm ? [] : BenchNetwork.All,
                    result.GetValue(threads) ?? 1,
                    Duration,
                    stop);
                IEnumerable<string> lines = result.GetValue(json) ? [report.ToJson()] : report.Lines();
                foreach (string line in lines)
                {
                    await result.InvocationConfiguration.Output.WriteLineAsync(line);
                }

                return ExitCode.Done;
            },
            result.InvocationConfiguration.Error));
        return bench;
    }

    /// <summary>Measures shapes, and networks with each optimizer.</summary>
    /// <param name="shapes">Layers whose products are measured.</param>
    /// <param name="networks">Networks whose steps are measured.</param>
    /// <param name="threads">Compute threads of a step, at least 1; products are measured on one.</param>
    /// <param name="duration">How long each figure is measured.</param>
    /// <param name="cancellationToken">Stops between samples.</param>
    internal static BenchReport Measure(
        IReadOnlyList<DenseShape> shapes,
        IReadOnlyList<BenchNetwork> networks,
        int threads,
        TimeSpan duration,
        CancellationToken cancellationToken)
    {
        var clock = new BenchClock(duration, TimeProvider.System);
        GemmFigure[] gemm = [.. shapes.Select(shape => GemmBenchmark.Run(shape, clock, cancellationToken))];
        using var pool = new ComputePool(threads);
        StepFigure[] steps =
        [
            .. from network in networks
               from optimizer in StepBenchmark.Optimizers
               select StepBenchmark.Run(network, optimizer, pool, clock, cancellationToken),
        ];
        return new BenchReport(clock.Peak, threads, gemm, steps);
    }
}
