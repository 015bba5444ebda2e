using System.Text.Json.Nodes;

using Trainer.Commands;
using Trainer.Kernels;

using Xunit;

namespace Trainer.Benchmarks;

public sealed class BenchReportTests
{
    // Facts of what is measured, never times: those are the machine's.
    [Fact]
    public void Measure_SmallNetworks_ReportsEachWithBothOptimizers()
    {
        BenchReport report = BenchCommand.Measure(
            [new DenseShape(8, 40, 10)],
            [.. BenchNetwork.All.Where(network => network.Name is "c" or "d")],
            threads: 2,
            TimeSpan.FromMilliseconds(1),
            TestContext.Current.CancellationToken);

        JsonNode json = JsonNode.Parse(report.ToJson())!;
        Assert.Equal(SimdLevel.Bits, (int)json["simd_bits"]!);
        Assert.True((double)json["peak_flops"]! > 0);
        JsonNode gemm = Assert.Single(json["gemm"]!.AsArray())!;
        foreach (string product in new[] { "forward", "input_gradient", "weight_gradient" })
        {
            Assert.InRange((double)gemm[product]!["best_seconds"]!, 1e-9, (double)gemm[product]!["median_seconds"]!);
        }

        Assert.Equal(
            ["c sgd", "c adam", "d sgd", "d adam"],
            json["step"]!.AsArray().Select(step => $"{step!["network"]} {step["optimizer"]}"));

        // Too small to be shared.
        Assert.All(json["step"]!.AsArray(), step =>
        {
            Assert.Equal(1, (int)step!["threads"]!);
            Assert.Null(step["independent_best_rows_per_second"]);
        });
    }

    [Fact]
    public void Measure_LargeNetworkOnTwoThreads_ReportsItsShareOfTwoRuns()
    {
        BenchNetwork network = BenchNetwork.All[0] with { Steps = 1 };
        BenchReport report = BenchCommand.Measure(
            [], [network], threads: 2, TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken);

        JsonNode step = JsonNode.Parse(report.ToJson())!["step"]![0]!;
        Assert.Equal(2, (int)step["threads"]!);
        Assert.Equal(
            (double)step["best_rows_per_second"]! / (double)step["independent_best_rows_per_second"]!,
            (double)step["share_of_independent_best"]!,
            1e-9);
        Assert.Contains(
            report.Lines(),
            line => line == "One run on 2 threads, and 2 of one thread side by side: rows/s");
    }

    [Fact]
    public void Lines_LargeFigures_FitIn80Columns()
    {
        var slow = new Timing(0.123456789, 0.2);
        var fast = new Timing(0.00001, 0.00001);
        var report = new BenchReport(
            1.2345e12,
            16,
            [new GemmFigure(new DenseShape(1024, 2048, 2048), slow, fast, slow)],
            [
                .. from network in BenchNetwork.All
                   from timing in new[] { slow, fast }
                   select new StepFigure(network, "adam", 16, timing, timing),
            ]);

        Assert.All(report.Lines(), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void Lines_StepOnly_HaveNoOtherTable()
    {
        var report = new BenchReport(
            1e11, 1, [], [new StepFigure(BenchNetwork.All[3], "sgd", 1, new Timing(2e-6, 4e-6), null)]);

        string[] lines = [.. report.Lines()];

        Assert.DoesNotContain(lines, line => line.StartsWith("Products", StringComparison.Ordinal));
        Assert.Contains(
            lines, line => line.StartsWith("d 2-8-8-1", StringComparison.Ordinal)
                && line.Contains("5,000,000  2,500,000      2.0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a", 2.0 * 128 * ((2 * 784 * 512) + (3 * 512 * 256) + (3 * 256 * 10)))]
    [InlineData("d", 2.0 * 10 * ((2 * 2 * 8) + (3 * 8 * 8) + (3 * 8 * 1)))]
    public void Operations_OfNetwork_CountEachProductOfAStep(string name, double expected) =>
        Assert.Equal(expected, BenchNetwork.All.Single(network => network.Name == name).Operations);

    [Fact]
    public void Measure_Cancelled_Stops() => Assert.Throws<OperationCanceledException>(
        () => BenchCommand.Measure(
            GemmBenchmark.Shapes, BenchNetwork.All, 1, TimeSpan.FromMinutes(1), new CancellationToken(canceled: true)));
}
