using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

using Trainer.Jobs;

namespace Trainer.Diagnostics;

/// <summary>
/// The exporters of one process: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> from the start, and what jobs ask for (console,
/// OTLP base URL) while they run. Every process has its own <c>service.instance.id</c>; disposing flushes.
/// </summary>
/// <remarks>
/// Exporting happens on threads of its own: a receiver that does not answer loses spans, and nothing else.
/// </remarks>
public sealed class TraceExport : IJobTelemetry, IDisposable
{
    private const string TracesPath = "v1/traces";
    private const string Console = "console";

    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(5);

    // Below the flush timeout, so that a receiver that hangs cannot use it up twice.
    private static readonly TimeSpan ExportTimeout = TimeSpan.FromSeconds(4);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Receiver> _receivers = [];
    private readonly ResourceBuilder _resource;
    private readonly TextWriter _console;

    /// <summary>Starts with what the environment asks for.</summary>
    /// <param name="service">Value of <c>service.name</c>: <c>trainer-client</c> or <c>trainer-silo</c>.</param>
    /// <param name="instance">Value of <c>service.instance.id</c>, unique for each process.</param>
    /// <param name="console">Where the console exporter writes: standard error of a client, the log of a silo.</param>
    public TraceExport(string service, string instance, TextWriter console)
    {
        _resource = ResourceBuilder.CreateDefault().AddService(service, serviceInstanceId: instance);
        _console = console;
        if (Variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") is { } whole)
        {
            AddReceiver(whole, whole);
        }
        else if (Variable("OTEL_EXPORTER_OTLP_ENDPOINT") is { } endpoint)
        {
            AddBaseUrl(endpoint);
        }
    }

    private static bool IsGrpc =>
        (Variable("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") ?? Variable("OTEL_EXPORTER_OTLP_PROTOCOL")) == "grpc";

    /// <inheritdoc/>
    public IDisposable Start(TelemetrySpec telemetry)
    {
        ArgumentNullException.ThrowIfNull(telemetry);
        List<Receiver> held = [];
        if (telemetry.Console)
        {
            held.Add(Hold(Console, builder => builder.AddProcessor(
                new SimpleActivityExportProcessor(new ConsoleSpanExporter(_console)))));
        }

        if (telemetry.Otlp is { Length: > 0 } url && AddBaseUrl(url) is { } receiver)
        {
            held.Add(receiver);
        }

        return new Lease(this, held);
    }

    /// <inheritdoc/>
    public void Flush()
    {
        Receiver[] receivers;
        lock (_gate)
        {
            receivers = [.. _receivers.Values];
        }

        ForEach(receivers, provider => provider.ForceFlush((int)FlushTimeout.TotalMilliseconds));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Receiver[] receivers;
        lock (_gate)
        {
            receivers = [.. _receivers.Values];
            _receivers.Clear();
        }

        ForEach(receivers, End);
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static void End(TracerProvider provider)
    {
        provider.Shutdown((int)FlushTimeout.TotalMilliseconds);
        provider.Dispose();
    }

    // At once: the time limit holds for all together.
    private static void ForEach(IEnumerable<Receiver> receivers, Action<TracerProvider> action) => Task.WaitAll(
        [.. receivers.Select(receiver => Task.Run(() => action(receiver.Provider)))], FlushTimeout);

    private Receiver? AddBaseUrl(string url) => AddReceiver(url, IsGrpc ? url : $"{url.TrimEnd('/')}/{TracesPath}");

    private Receiver? AddReceiver(string name, string endpoint)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
        {
            // Job files are checked where they are read; a wrong environment must not stop a job.
            _console.WriteLine($"No traces are sent: '{name}' is no http or https URL.");
            return null;
        }

        return Hold(name.TrimEnd('/'), builder => builder.AddOtlpExporter(options =>
        {
            options.Endpoint = uri;
            options.Protocol = IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
            options.TimeoutMilliseconds = (int)ExportTimeout.TotalMilliseconds;
        }));
    }

    private Receiver Hold(string name, Action<TracerProviderBuilder> export)
    {
        lock (_gate)
        {
            if (!_receivers.TryGetValue(name, out Receiver? receiver))
            {
                TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder()
                    .SetResourceBuilder(_resource)
                    .SetSampler(new AlwaysOnSampler())
                    .AddSource(TrainerActivity.SourceName);
                export(builder);
                receiver = new Receiver(name, builder.Build());
                _receivers.Add(name, receiver);
            }

            receiver.Holders++;
            return receiver;
        }
    }

    private void Release(IEnumerable<Receiver> held)
    {
        List<Receiver> ended = [];
        lock (_gate)
        {
            foreach (Receiver receiver in held)
            {
                // Not there: the whole export has ended meanwhile, and this receiver with it.
                if (--receiver.Holders == 0 && _receivers.Remove(receiver.Name))
                {
                    ended.Add(receiver);
                }
            }
        }

        ForEach(ended, End);
    }

    // What the environment asks for is held for ever.
    private sealed class Receiver(string name, TracerProvider provider)
    {
        public string Name => name;

        public TracerProvider Provider => provider;

        public int Holders { get; set; }
    }

    private sealed class Lease(TraceExport export, IReadOnlyList<Receiver> held) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                export.Release(held);
            }
        }
    }
}
