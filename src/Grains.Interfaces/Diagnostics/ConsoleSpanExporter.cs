using System.Diagnostics;

using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace Trainer.Diagnostics;

/// <summary>
/// The library's console exporter, writing where it is told to: it knows standard output only, which in a client
/// belongs to results.
/// </summary>
/// <param name="text">Receives the spans.</param>
internal sealed class ConsoleSpanExporter(TextWriter text) : BaseExporter<Activity>
{
    private static readonly Lock Swap = new();

    private readonly ConsoleActivityExporter _exporter = new(new ConsoleExporterOptions());

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Activity> batch)
    {
        // Results never go through Console.Out while spans are exported: commands hold the writer they started with.
        lock (Swap)
        {
            TextWriter standard = Console.Out;
            Console.SetOut(text);
            try
            {
                return _exporter.Export(batch);
            }
            finally
            {
                Console.SetOut(standard);
                text.Flush();
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _exporter.Dispose();
        base.Dispose(disposing);
    }
}
