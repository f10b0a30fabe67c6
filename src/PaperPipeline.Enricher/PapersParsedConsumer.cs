using System.Diagnostics;
using MassTransit;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Telemetry;

namespace PaperPipeline.Enricher;

/// <summary>Computes what can be computed from each entry of a chunk and passes the chunk on.</summary>
internal sealed class PapersParsedConsumer(EntryEnricher enricher, PipelinePublisher publisher, TimeProvider clock)
    : IConsumer<PapersParsed>
{
    public async Task Consume(ConsumeContext<PapersParsed> context)
    {
        var started = clock.GetTimestamp();
        var papers = new List<Observation>(context.Message.Entries.Count);
        foreach (var entry in context.Message.Entries)
        {
            using var span = PipelineTelemetry.StartPaper("enrich", entry.Digest, entry.Ordinal);
            try
            {
                papers.Add(
                    new Observation
                    {
                        Entry = entry,
                        Enrichment = enricher.Enrich(entry),
                        EnrichedAt = clock.GetUtcNow(),
                    }
                );
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                span?.AddException(failure);
                span?.SetStatus(ActivityStatusCode.Error, failure.Message);
                var reason = RejectionReasons.NotEnriched + failure.Message;
                var letter = Rejections.Of(entry, "enrich", reason, clock.GetUtcNow());
                await publisher.PublishAsync(context, letter, context.CancellationToken);
            }
        }
        if (papers.Count > 0)
        {
            var enriched = new PapersEnriched { Digest = context.Message.Digest, Papers = papers };
            await publisher.PublishAsync(context, enriched, context.CancellationToken);
        }
        PipelineTelemetry.CountPapers("enrich", "ok", papers.Count);
        if (context.Message.Entries.Count - papers.Count is var failed and > 0)
            PipelineTelemetry.CountPapers("enrich", "failed", failed);
        PipelineTelemetry.RecordDuration("enrich", clock.GetElapsedTime(started));
    }
}

/// <summary>Bound by the processor: two chunks at a time.</summary>
internal sealed class PapersParsedConsumerDefinition : ConsumerDefinition<PapersParsedConsumer>
{
    public PapersParsedConsumerDefinition()
    {
        EndpointName = Routes.Enrich;
        ConcurrentMessageLimit = 2;
    }
}
