using System.Collections.Concurrent;
using System.Diagnostics;

namespace PaperPipeline.Tests.Telemetry;

/// <summary>Listens to the spans that ours and MassTransit's sources make, and keeps those that have ended.</summary>
internal sealed class SpanLog : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    /// <param name="recorded">Whether a trace that begins is recorded; what has a parent is recorded as that is.</param>
    public SpanLog(bool recorded = true)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source =>
                source.Name is "PaperPipeline" or "MassTransit"
                || source.Name.StartsWith("PaperPipeline.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                (options.Parent == default ? recorded : options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
                    ? ActivitySamplingResult.AllDataAndRecorded
                    : ActivitySamplingResult.PropagationData,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<Activity> All => [.. _ended];

    public IReadOnlyList<Activity> Named(string name) => [.. _ended.Where(span => span.OperationName == name)];

    /// <summary>The span and what it is below, up to the root of its trace.</summary>
    public IReadOnlyList<Activity> Path(Activity span)
    {
        var known = _ended.ToDictionary(each => each.SpanId);
        var path = new List<Activity>();
        for (Activity? at = span; at is not null; at = known.GetValueOrDefault(at.ParentSpanId))
            path.Add(at);
        return path;
    }

    public void Dispose() => _listener.Dispose();
}

internal static class SpanExtensions
{
    public static object? Tag(this Activity span, string name) => span.GetTagItem(name);

    public static IEnumerable<string> EventNames(this Activity span) => span.Events.Select(e => e.Name);

    /// <summary>Names of our own spans on a path.</summary>
    public static IEnumerable<string> Stages(this IEnumerable<Activity> path) =>
        path.Where(span => span.Source.Name == "PaperPipeline").Select(span => span.OperationName);
}
