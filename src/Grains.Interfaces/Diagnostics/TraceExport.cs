using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

using Trainer.Jobs;

namespace Trainer.Diagnostics;

/// <summary>
/// The exporters of one process: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> from the start, and what jobs ask for (console,
/// OTLP base URL) as they come. Every process has its own <c>service.instance.id</c>; disposing flushes.
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
    private readonly Dictionary<string, TracerProvider> _receivers = [];
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
    public void Start(TelemetrySpec telemetry)
    {
        ArgumentNullException.ThrowIfNull(telemetry);
        if (telemetry.Console)
        {
            Add(Console, builder => builder.AddProcessor(
                new SimpleActivityExportProcessor(new ConsoleSpanExporter(_console))));
        }

        if (telemetry.Otlp is { Length: > 0 } url)
        {
            AddBaseUrl(url);
        }
    }

    /// <inheritdoc/>
    public void Flush() => ForEach(receiver => receiver.ForceFlush((int)FlushTimeout.TotalMilliseconds));

    /// <inheritdoc/>
    public void Dispose()
    {
        ForEach(receiver =>
        {
            receiver.Shutdown((int)FlushTimeout.TotalMilliseconds);
            receiver.Dispose();
        });
        lock (_gate)
        {
            _receivers.Clear();
        }
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private void AddBaseUrl(string url) => AddReceiver(url, IsGrpc ? url : $"{url.TrimEnd('/')}/{TracesPath}");

    private void AddReceiver(string name, string endpoint)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
        {
            // Job files are checked where they are read; a wrong environment must not stop a job.
            _console.WriteLine($"No traces are sent: '{name}' is no http or https URL.");
            return;
        }

        Add(name.TrimEnd('/'), builder => builder.AddOtlpExporter(options =>
        {
            options.Endpoint = uri;
            options.Protocol = IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
            options.TimeoutMilliseconds = (int)ExportTimeout.TotalMilliseconds;
        }));
    }

    private void Add(string receiver, Action<TracerProviderBuilder> export)
    {
        lock (_gate)
        {
            if (!_receivers.ContainsKey(receiver))
            {
                TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder()
                    .SetResourceBuilder(_resource)
                    .SetSampler(new AlwaysOnSampler())
                    .AddSource(TrainerActivity.SourceName);
                export(builder);
                _receivers.Add(receiver, builder.Build());
            }
        }
    }

    private void ForEach(Action<TracerProvider> action)
    {
        TracerProvider[] receivers;
        lock (_gate)
        {
            receivers = [.. _receivers.Values];
        }

        // At once: the time limit holds for all together.
        Task.WaitAll([.. receivers.Select(receiver => Task.Run(() => action(receiver)))], FlushTimeout);
    }
}
