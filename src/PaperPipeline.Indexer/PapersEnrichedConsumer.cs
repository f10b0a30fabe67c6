using System.Diagnostics;
using MassTransit;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Telemetry;

namespace PaperPipeline.Indexer;

/// <summary>Indexes the papers of a chunk; acknowledged when every one of them is durable or a dead letter.</summary>
internal sealed class PapersEnrichedConsumer(
    BulkBuffer buffer,
    Accounts accounts,
    InFlightPapers inFlight,
    TimeProvider clock
) : IConsumer<PapersEnriched>
{
    public async Task Consume(ConsumeContext<PapersEnriched> context)
    {
        var papers = context.Message.Papers;
        var started = clock.GetUtcNow();
        var outcomes = await buffer.WriteAsync(papers, context.CancellationToken);
        for (var i = 0; i < papers.Count; i++)
        {
            var (entry, outcome) = (papers[i].Entry, outcomes[i]);
            using var span = PipelineTelemetry.StartPaper("index", entry.Digest, entry.Ordinal);
            span?.SetStartTime(started.UtcDateTime);
            span?.SetTag("paperpipeline.paper.id", outcome.PaperId);
            if (outcome.Refusal is { } reason)
            {
                span?.SetStatus(ActivityStatusCode.Error, reason);
                var letter = Rejections.Of(entry, "index", $"The index refused the paper: {reason}", clock.GetUtcNow());
                await accounts.RecordAsync(letter.After(context), context.CancellationToken);
            }
            inFlight.Leave(entry.Digest, entry.Ordinal);
        }
        var failed = outcomes.Count(o => o.Refusal is not null);
        PipelineTelemetry.CountPapers("index", "ok", papers.Count - failed);
        if (failed > 0)
            PipelineTelemetry.CountPapers("index", "failed", failed);
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
