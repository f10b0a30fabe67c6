using MassTransit;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Telemetry;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Indexer;

/// <summary>Indexes the papers of a chunk; acknowledged when every one of them is durable or a dead letter.</summary>
internal sealed class PapersEnrichedConsumer(
    BulkBuffer buffer,
    Accounts accounts,
    InFlightPapers inFlight,
    LedgerNotes notes,
    SinkGuard guard,
    TimeProvider clock
) : IConsumer<PapersEnriched>
{
    public async Task Consume(ConsumeContext<PapersEnriched> context)
    {
        var papers = context.Message.Papers;
        using var spans = PaperSpans.Start(papers);
        var outcomes = await WriteAsync(papers, spans, context.CancellationToken);
        for (var i = 0; i < papers.Count; i++)
        {
            var (entry, outcome) = (papers[i].Entry, outcomes[i]);
            spans?.Enter(i, outcome);
            if (outcome.Refusal is { } reason)
            {
                var letter = Rejections.Of(entry, "index", RejectionReasons.NotIndexed + reason, clock.GetUtcNow());
                await accounts.RecordAsync(letter.After(context), context.CancellationToken);
            }
            spans?.End(i);
            inFlight.Leave(entry.Digest, entry.Ordinal);
        }
        var failed = outcomes.Count(o => o.Refusal is not null);
        PipelineTelemetry.CountPapers("index", "ok", papers.Count - failed);
        if (failed > 0)
            PipelineTelemetry.CountPapers("index", "failed", failed);
    }

    private async Task<IReadOnlyList<WriteOutcome>> WriteAsync(
        IReadOnlyList<Observation> papers,
        PaperSpans? spans,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var outcomes = await buffer.WriteAsync(papers, spans, cancellationToken);
            foreach (var digest in papers.Select(p => p.Entry.Digest).Distinct(StringComparer.Ordinal))
                notes.Touch(digest);
            RecordLatency(papers, outcomes);
            return outcomes;
        }
        catch (Exception failure)
        {
            spans?.Fail(failure, guard.Trouble);
            throw;
        }
    }

    private void RecordLatency(IReadOnlyList<Observation> papers, IReadOnlyList<WriteOutcome> outcomes)
    {
        if (!PipelineTelemetry.WantsLatency)
            return;
        var now = clock.GetUtcNow();
        for (var i = 0; i < papers.Count; i++)
            if (outcomes[i].Refusal is null)
                PipelineTelemetry.RecordLatency(now - papers[i].Entry.ObservedAt);
    }
}

/// <summary>Many chunks wait for one bulk, so many are taken at a time.</summary>
internal sealed class PapersEnrichedConsumerDefinition : ConsumerDefinition<PapersEnrichedConsumer>
{
    public PapersEnrichedConsumerDefinition()
    {
        EndpointName = Routes.Index;
        ConcurrentMessageLimit = 64;
    }
}
