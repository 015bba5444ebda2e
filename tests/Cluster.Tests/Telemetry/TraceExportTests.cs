using System.Diagnostics;

using Trainer.Diagnostics;
using Trainer.Jobs;

using Xunit;

namespace Trainer.Telemetry;

public sealed class TraceExportTests
{
    [Fact]
    public void Start_Otlp_SendsSpansWithServiceAndInstance()
    {
        using var receiver = new OtlpReceiver();
        using var export = new TraceExport("trainer-client", "test/1", TextWriter.Null);
        export.Start(new TelemetrySpec { Otlp = receiver.BaseUrl });

        TrainerActivity.Source.StartActivity("job.run")?.Dispose();
        export.Flush();

        ReceivedSpan span = Assert.Single(receiver.Spans);
        Assert.Equal(("job.run", "trainer-client", "test/1"), (span.Name, span.Service, span.Instance));
    }

    [Fact]
    public void Start_SameReceiverTwice_SendsOnce()
    {
        using var receiver = new OtlpReceiver();
        using var export = new TraceExport("trainer-client", "test/2", TextWriter.Null);
        export.Start(new TelemetrySpec { Otlp = receiver.BaseUrl });
        export.Start(new TelemetrySpec { Otlp = receiver.BaseUrl + "/" });

        TrainerActivity.Source.StartActivity("job.run")?.Dispose();
        export.Flush();

        Assert.Single(receiver.Spans);
    }

    [Fact]
    public void Start_SecondReceiver_BothGetWhatFollows()
    {
        using var first = new OtlpReceiver();
        using var second = new OtlpReceiver();
        using var export = new TraceExport("trainer-client", "test/3", TextWriter.Null);
        export.Start(new TelemetrySpec { Otlp = first.BaseUrl });
        export.Start(new TelemetrySpec { Otlp = second.BaseUrl });

        TrainerActivity.Source.StartActivity("job.run")?.Dispose();
        export.Dispose();

        Assert.Single(first.Spans);
        Assert.Single(second.Spans);
    }

    [Fact]
    public void Dispose_LastLeaseOfAReceiver_LaterSpansGoNowhere()
    {
        using var receiver = new OtlpReceiver();
        using var export = new TraceExport("trainer-silo", "test/7", TextWriter.Null);
        IDisposable first = export.Start(new TelemetrySpec { Otlp = receiver.BaseUrl });
        IDisposable second = export.Start(new TelemetrySpec { Otlp = receiver.BaseUrl });

        first.Dispose();
        first.Dispose();
        TrainerActivity.Source.StartActivity("job.train")?.Dispose();
        second.Dispose();
        TrainerActivity.Source.StartActivity("job.later")?.Dispose();
        export.Flush();

        Assert.Equal("job.train", Assert.Single(receiver.Spans).Name);
    }

    [Fact]
    public void Start_Console_WritesSpansToTheWriterOnly()
    {
        using var text = new StringWriter();
        using var export = new TraceExport("trainer-client", "test/4", text);
        TextWriter before = Console.Out;
        export.Start(new TelemetrySpec { Console = true });

        using (Activity? span = TrainerActivity.Source.StartActivity("epoch.run"))
        {
            span?.SetTag(TrainerActivity.Epoch, 3);
        }

        export.Flush();
        string spans = text.ToString();
        Assert.Contains("Activity.DisplayName:", spans, StringComparison.Ordinal);
        Assert.Contains("epoch.run", spans, StringComparison.Ordinal);
        Assert.Contains("trainer.epoch: 3", spans, StringComparison.Ordinal);
        Assert.Same(before, Console.Out);
    }

    [Fact]
    public void Flush_UnreachableReceiver_ReturnsInTime()
    {
        using var export = new TraceExport("trainer-client", "test/5", TextWriter.Null);
        export.Start(new TelemetrySpec { Otlp = "http://127.0.0.1:9" });
        TrainerActivity.Source.StartActivity("job.run")?.Dispose();
        long start = Stopwatch.GetTimestamp();

        export.Flush();

        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 6);
    }

    [Fact]
    public void Source_NobodyAsked_RecordsNothing()
    {
        using var export = new TraceExport("trainer-client", "test/6", TextWriter.Null);

        Assert.Null(TrainerActivity.Source.StartActivity("job.run"));
    }
}
