using Xunit;

namespace Trainer.Telemetry;

public sealed class TraceTests : IDisposable
{
    private const string Job = """
        version: 1
        data: {source: digits}
        training: {epochs: 2, batch_size: 64}
        """;

    private readonly TrainerCommand _trainer = new();

    public void Dispose() => _trainer.Dispose();

    [Fact]
    public async Task Train_OtlpInJobFile_OneTraceOfClientAndBothSilos()
    {
        using var receiver = new OtlpReceiver();
        string job = _trainer.Write("job.yaml", Job);

        CommandResult result = await _trainer.RunAsync(
            TestContext.Current.CancellationToken,
            "train", job, "--silos", "2", "--set", $"telemetry.otlp={receiver.BaseUrl}");

        AssertOneTrace(result, receiver);
    }

    [Fact]
    public async Task Train_OtlpInEnvironment_OneTraceOfClientAndBothSilos()
    {
        using var receiver = new OtlpReceiver();
        string job = _trainer.Write("job.yaml", Job);
        _trainer.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.BaseUrl;

        CommandResult result = await _trainer.RunAsync(
            TestContext.Current.CancellationToken, "train", job, "--silos", "2");

        AssertOneTrace(result, receiver);
    }

    private static void AssertOneTrace(CommandResult result, OtlpReceiver receiver)
    {
        Assert.True(result.ExitCode == 0, result.Everything);
        Assert.Single(receiver.Spans.Select(span => span.TraceId).Distinct());
        Assert.Equal(3, receiver.Spans.Select(span => span.Instance).Distinct().Count());
        ReceivedSpan root = Assert.Single(receiver.Spans, span => span.ParentSpanId.Length == 0);
        Assert.Equal("job.run", root.Name);
        HashSet<string> known = [.. receiver.Spans.Select(span => span.SpanId)];
        Assert.All(receiver.Spans.Where(span => span != root), span => Assert.Contains(span.ParentSpanId, known));
        IEnumerable<ReceivedSpan> steps = receiver.Spans.Where(span => span.Name == "shard.run_steps");
        Assert.Equal(2, steps.Select(span => span.Instance).Distinct().Count());
        Assert.Equal(2, receiver.Spans.Count(span => span.Name == "epoch.run"));
    }
}
