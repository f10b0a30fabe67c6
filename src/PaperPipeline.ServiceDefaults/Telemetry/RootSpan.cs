using System.Diagnostics;

namespace PaperPipeline.ServiceDefaults.Telemetry;

/// <summary>
/// A span that begins a trace of its own, whatever is under way, and is current until it is disposed; then what was current
/// before is again.
/// </summary>
public sealed class RootSpan : IDisposable
{
    private readonly Activity? before;

    private RootSpan(Activity? before, Activity activity) => (this.before, Activity) = (before, activity);

    /// <summary>The span.</summary>
    public Activity Activity { get; }

    /// <summary>Starts one; null when nobody listens or it is not sampled.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="links">The spans that it belongs with.</param>
    public static RootSpan? Start(string name, ActivityKind kind, IEnumerable<ActivityLink> links)
    {
        if (!PipelineTelemetry.Source.HasListeners())
            return null;
        var current = Activity.Current;
        // A span without a parent of its own takes the current one.
        Activity.Current = null;
        if (PipelineTelemetry.Source.StartActivity(name, kind, default(ActivityContext), null, links) is { } started)
            return new RootSpan(current, started);
        Activity.Current = current;
        return null;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Activity.Dispose();
        Activity.Current = before;
    }
}
