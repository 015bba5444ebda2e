using System.Globalization;
using System.Text.Json.Nodes;

using Trainer.Backends;
using Trainer.Kernels;
using Trainer.Reporting;

namespace Trainer.Benchmarks;

/// <summary>What was measured, as a person or a program reads it.</summary>
/// <param name="Peak">Floating-point operations a second that one thread can reach.</param>
/// <param name="Threads">Compute threads that a step might use.</param>
/// <param name="Gemm">Products of layers; may be empty.</param>
/// <param name="Steps">Training steps; may be empty.</param>
internal sealed record BenchReport(
    double Peak, int Threads, IReadOnlyList<GemmFigure> Gemm, IReadOnlyList<StepFigure> Steps)
{
    /// <summary>A line about the machine, then a table each for products and steps.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"One thread, {SimdLevel.Instructions}: {Giga(Peak)} GFLOP/s of fused multiply-adds measured.";
        if (Gemm.Count > 0)
        {
            yield return "";
            yield return "Products of a layer: GFLOP/s and share of the peak";
            string[] header = ["rows x in x out", "forward", "", "input gradient", "", "weight gradient", ""];
            foreach (string line in TextTable.Lines([header, .. Gemm.Select(Row)], column => column > 0))
            {
                yield return line;
            }
        }

        if (Steps.Count > 0)
        {
            yield return "";
            yield return "Training steps: rows/s, best and median; the best as time and share of the peak";
            if (Threads > 1)
            {
                yield return $"On {Threads} threads, and networks that are too small for several on one.";
            }

            string[] header = ["network", "batch", "optimizer", "best", "median", "us/step", "of peak"];
            foreach (string line in TextTable.Lines([header, .. Steps.Select(Row)], column => column is 1 or > 2))
            {
                yield return line;
            }
        }

        if (Steps.Any(step => step.Independent is not null))
        {
            yield return "";
            yield return $"One run on {Threads} threads, and {Threads} of one thread side by side: rows/s";
            string[] header = ["network", "optimizer", "one run", "runs together", "share", "of medians"];
            IEnumerable<string[]> rows = Steps.Where(step => step.Independent is not null).Select(Shares);
            foreach (string line in TextTable.Lines([header, .. rows], column => column > 1))
            {
                yield return line;
            }
        }
    }

    /// <summary>One JSON object on one line; times in seconds, rates in operations and rows a second.</summary>
    public string ToJson() => JsonEvents.Line(new JsonObject
    {
        ["simd_bits"] = SimdLevel.Bits,
        ["kernel"] = CpuBackend.OneThread.Kernel,
        ["peak_flops"] = Peak,
        ["gemm"] = new JsonArray([.. Gemm.Select(ToJson)]),
        ["step"] = new JsonArray([.. Steps.Select(ToJson)]),
    });

    private string[] Row(GemmFigure figure)
    {
        (int rows, int inputs, int outputs) = figure.Shape;
        Timing[] timings = [figure.Forward, figure.InputGradient, figure.WeightGradient];
        IEnumerable<string> cells = timings.SelectMany(
            timing => new[] { Giga(figure.Operations / timing.Best), Share(figure.Operations, timing) });
        return [$"{rows}x{inputs}x{outputs}", .. cells];
    }

    private string[] Row(StepFigure figure)
    {
        (BenchNetwork network, string optimizer, int threads, Timing step, _) = figure;
        return
        [
            $"{network.Name} {network.Widths}",
            Figures.Count(network.BatchSize),
            optimizer,
            Figures.Count(network.BatchSize / step.Best),
            Figures.Count(network.BatchSize / step.Median),
            (step.Best * 1e6).ToString("#,0.0", CultureInfo.InvariantCulture),
            Share(network.Operations / threads, step),
        ];
    }

    private static string[] Shares(StepFigure figure)
    {
        (BenchNetwork network, string optimizer, _, Timing step, Timing? independent) = figure;
        Timing bound = independent!.Value;
        return
        [
            $"{network.Name} {network.Widths}",
            optimizer,
            Figures.Count(network.BatchSize / step.Best),
            Figures.Count(network.BatchSize / bound.Best),
            (bound.Best / step.Best).ToString("0.00", CultureInfo.InvariantCulture),
            (bound.Median / step.Median).ToString("0.00", CultureInfo.InvariantCulture),
        ];
    }

    private JsonObject ToJson(GemmFigure figure)
    {
        (int rows, int inputs, int outputs) = figure.Shape;
        return new JsonObject
        {
            ["rows"] = rows,
            ["inputs"] = inputs,
            ["outputs"] = outputs,
            ["forward"] = ToJson(figure.Operations, figure.Forward),
            ["input_gradient"] = ToJson(figure.Operations, figure.InputGradient),
            ["weight_gradient"] = ToJson(figure.Operations, figure.WeightGradient),
        };
    }

    private JsonObject ToJson(StepFigure figure)
    {
        (BenchNetwork network, string optimizer, int threads, Timing step, Timing? independent) = figure;
        JsonObject json = ToJson(network.Operations / threads, step);
        json["network"] = network.Name;
        json["widths"] = network.Widths;
        json["optimizer"] = optimizer;
        json["batch_size"] = network.BatchSize;
        json["logical_shards"] = network.LogicalShards;
        json["threads"] = threads;
        json["best_rows_per_second"] = network.BatchSize / step.Best;
        json["median_rows_per_second"] = network.BatchSize / step.Median;
        if (independent is { } bound)
        {
            json["independent_best_rows_per_second"] = network.BatchSize / bound.Best;
            json["independent_median_rows_per_second"] = network.BatchSize / bound.Median;
            json["share_of_independent_best"] = bound.Best / step.Best;
            json["share_of_independent_median"] = bound.Median / step.Median;
        }

        return json;
    }

    private JsonObject ToJson(double operations, Timing timing) => new()
    {
        ["best_seconds"] = timing.Best,
        ["median_seconds"] = timing.Median,
        ["share_of_peak"] = operations / timing.Best / Peak,
    };

    private string Share(double operations, Timing timing) =>
        (operations / timing.Best / Peak).ToString("0 %", CultureInfo.InvariantCulture);

    private static string Giga(double rate) => (rate / 1e9).ToString("0.0", CultureInfo.InvariantCulture);
}
