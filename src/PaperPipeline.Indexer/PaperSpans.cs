using System.Diagnostics;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Telemetry;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Indexer;

/// <summary>
/// The <c>index</c> spans of a chunk's papers, one for each, under way from when the paper was taken until it is settled.
/// </summary>
public sealed class PaperSpans : IDisposable
{
    private readonly Activity? current;
    private readonly Activity?[] spans;

    private PaperSpans(Activity? current, Activity?[] spans) => (this.current, this.spans) = (current, spans);

    /// <summary>Starts them below the current span, which stays current; null when nobody listens.</summary>
    internal static PaperSpans? Start(IReadOnlyList<Observation> papers)
    {
        if (!PipelineTelemetry.Source.HasListeners())
            return null;
        var (current, spans) = (Activity.Current, new Activity?[papers.Count]);
        for (var i = 0; i < spans.Length; i++)
        {
            spans[i] = PipelineTelemetry.StartPaper("index", papers[i].Entry.Digest, papers[i].Entry.Ordinal);
            Activity.Current = current;
        }
        return new PaperSpans(current, spans);
    }

    /// <summary>The span of each paper, for links to it; the default where it is not recorded.</summary>
    internal IEnumerable<ActivityContext> Contexts =>
        spans.Select(span => span is { Recorded: true } ? span.Context : default);

    /// <summary>Notes what became of a paper and makes its span the current one, until it is ended.</summary>
    internal void Enter(int paper, WriteOutcome outcome)
    {
        if (spans[paper] is not { } span)
            return;
        Activity.Current = span;
        span.SetTag("paperpipeline.paper.id", outcome.PaperId);
        if (outcome.Refusal is { } reason)
            span.SetStatus(ActivityStatusCode.Error, reason);
    }

    /// <summary>Ends the span of a paper that is settled.</summary>
    internal void End(int paper)
    {
        spans[paper]?.Dispose();
        Activity.Current = current;
    }

    /// <summary>Notes why the papers were not settled.</summary>
    internal void Fail(Exception failure, SinkTrouble? trouble)
    {
        foreach (var span in spans)
        {
            if (trouble is not null)
                PipelineTelemetry.NotePause(span, trouble.Reason);
            span?.SetStatus(ActivityStatusCode.Error, trouble?.Reason ?? failure.Message);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var span in spans)
            span?.Dispose();
        Activity.Current = current;
    }
}
