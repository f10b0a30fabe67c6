using System.Diagnostics;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Telemetry;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Indexer;

/// <summary>Papers that are written together.</summary>
/// <param name="Papers">The papers.</param>
/// <param name="Spans">The span of each paper, the default where it has none; null when nobody listens.</param>
internal sealed record Bulk(IReadOnlyList<Observation> Papers, IReadOnlyList<ActivityContext>? Spans)
{
    /// <summary>Some of the papers, with their spans.</summary>
    public Bulk Part(Range range) => new([.. Papers.Take(range)], Spans is null ? null : [.. Spans.Take(range)]);

    /// <summary>
    /// Starts the span of this write: the root of a trace of its own, because the papers may be of many, with a link to each
    /// paper's span. Null when nobody listens.
    /// </summary>
    public RootSpan? StartSpan(IndexIdentity index)
    {
        var links = Spans?.Where(s => s != default).Select(s => new ActivityLink(s)) ?? [];
        var span = RootSpan.Start("bulk", ActivityKind.Client, links);
        span?.Activity.SetTag("db.system.name", index.System)
            .SetTag("db.operation.name", "bulk")
            .SetTag("db.operation.batch.size", Papers.Count)
            .SetTag("server.address", index.Address)
            .SetTag("server.port", index.Port);
        return span;
    }

    /// <summary>Notes on the span of a write why it failed.</summary>
    /// <param name="span">The span.</param>
    /// <param name="failure">Why.</param>
    /// <param name="trouble">What is wrong with the index, where the papers go back to their queue for it.</param>
    public static void Fail(RootSpan? span, Exception failure, SinkTrouble? trouble)
    {
        if (span is not { Activity: var activity })
            return;
        if (trouble is not null)
            PipelineTelemetry.NotePause(activity, trouble.Reason);
        activity.SetTag("error.type", failure.GetType().FullName);
        activity.SetStatus(ActivityStatusCode.Error, trouble?.Reason ?? failure.Message);
    }
}
