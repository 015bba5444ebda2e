using System.Diagnostics;

namespace Trainer.Diagnostics;

/// <summary>Spans whose parent came in a message (decision 0003).</summary>
internal static class TraceContext
{
    /// <summary>Starts a span below a traceparent; null when nobody listens.</summary>
    /// <param name="name">Name of the span.</param>
    /// <param name="traceParent">W3C traceparent; null for a root.</param>
    public static Activity? Start(string name, string? traceParent)
    {
        _ = ActivityContext.TryParse(traceParent, null, isRemote: true, out ActivityContext parent);
        return TrainerActivity.Source.StartActivity(name, ActivityKind.Internal, parent);
    }

    /// <summary>What to send on: the span's id, or the parent's where the span is not recorded here.</summary>
    /// <param name="activity">The span; may be null.</param>
    /// <param name="traceParent">What came in.</param>
    public static string? Next(Activity? activity, string? traceParent) => activity?.Id ?? traceParent;
}
