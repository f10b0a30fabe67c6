using System.Diagnostics;
using MassTransit;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Telemetry;

namespace PaperPipeline.Parser;

/// <summary>Reads an archived digest and publishes its entries in chunks, its leftovers, and how much there is.</summary>
internal sealed class DigestFetchedConsumer(DigestReader reader, PipelinePublisher publisher, TimeProvider clock)
    : IConsumer<DigestFetched>
{
    public async Task Consume(ConsumeContext<DigestFetched> context)
    {
        var fetched = context.Message;
        var started = clock.GetTimestamp();
        using var span = PipelineTelemetry.StartStage("parse", fetched.Digest);
        try
        {
            await ReadAsync(context, fetched, span);
        }
        catch (PipelineClosedException)
        {
            // No fault of the digest, and waiting for another try would hold the stop up.
            return;
        }
        catch (Exception failure)
        {
            if (failure is not UnreadableDigestException)
                span?.AddException(failure);
            span?.SetStatus(ActivityStatusCode.Error, failure.Message);
            if (reader.Rejected(fetched, failure) is not { } letter)
                throw;
            await publisher.PublishAsync(context, letter, context.CancellationToken);
        }
        PipelineTelemetry.RecordDuration("parse", clock.GetElapsedTime(started));
    }

    private async Task ReadAsync(ConsumeContext context, DigestFetched fetched, Activity? span)
    {
        using var traces = new ParseTraces(fetched.Digest, span);
        var (entries, token) = (0, context.CancellationToken);
        foreach (var message in reader.Read(fetched))
            switch (message)
            {
                case PapersParsed chunk:
                    if (ParseTraces.BeginsAt(entries + 1))
                        traces.Continue(entries + 1);
                    entries += chunk.Entries.Count;
                    await publisher.PublishAsync(context, chunk, token);
                    break;
                case EntryRejected place:
                    await publisher.PublishAsync(context, place, token);
                    break;
                case DigestParsed parsed:
                    traces.Dispose();
                    await publisher.PublishAsync(context, parsed, token);
                    break;
            }
        PipelineTelemetry.CountPapers("parse", "ok", entries);
    }
}

/// <summary>One digest at a time for each core: parsing is bound by the processor.</summary>
internal sealed class DigestFetchedConsumerDefinition : ConsumerDefinition<DigestFetchedConsumer>
{
    public DigestFetchedConsumerDefinition()
    {
        EndpointName = Routes.Parse;
        ConcurrentMessageLimit = 2;
    }
}
