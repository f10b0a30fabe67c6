using System.Diagnostics;
using MassTransit;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Telemetry;
using PaperPipeline.Storage.Archive;

namespace PaperPipeline.Parser;

/// <summary>Reads an archived digest and publishes its entries in chunks, its leftovers, and how much there is.</summary>
internal sealed class DigestFetchedConsumer(
    DigestArchive archive,
    DigestParser parser,
    PipelinePublisher publisher,
    TimeProvider clock
) : IConsumer<DigestFetched>
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
        catch (UnreadableDigestException unreadable)
        {
            span?.SetStatus(ActivityStatusCode.Error, unreadable.Message);
            await RejectAsync(context, fetched, new ReportedPlace("", unreadable.Message, unreadable.Excerpt));
        }
        catch (Exception failure)
        {
            span?.AddException(failure);
            span?.SetStatus(ActivityStatusCode.Error, failure.Message);
            // What does not get through is tried again; only what cannot be read is a dead letter.
            if (failure is OperationCanceledException or TimeoutException or IOException)
                throw;
            await RejectAsync(
                context,
                fetched,
                new ReportedPlace("", $"The digest could not be read: {failure.Message}", "")
            );
        }
        PipelineTelemetry.RecordDuration("parse", clock.GetElapsedTime(started));
    }

    private async Task ReadAsync(ConsumeContext context, DigestFetched fetched, Activity? span)
    {
        // One that is away is no fault of the digest.
        archive.EnsureReadable();
        var retrieval =
            archive.Find(fetched.Digest)
            // Perhaps not yet: what several machines see of one folder may lag behind.
            ?? throw new FileNotFoundException("The archive holds no retrieval record of this digest.");
        if (retrieval.First.ExceededLimit is { } limit)
            throw new UnreadableDigestException(
                $"The digest is larger than {limit / 1024 / 1024} MiB; only its first 64 KiB were kept. Split it and ingest the parts.",
                Beginning(fetched.Digest)
            );

        var parsed = parser.Parse(
            () => archive.OpenRead(fetched.Digest),
            new DigestContext
            {
                Digest = fetched.Digest,
                RetrievedAt = retrieval.First.RetrievedAt,
                TraceId = retrieval.First.TraceId,
                MediaType = retrieval.First.MediaType,
                StatedDay = retrieval.StatedDay,
                DayStatedAt = retrieval.DayStatedAt,
            }
        );
        using var traces = new ParseTraces(fetched.Digest, span);
        var chunk = new EntryChunk();
        var (entries, reported) = (0, 0);
        foreach (var item in parsed.Items)
        {
            switch (item)
            {
                case ParsedEntry { Entry: var entry }:
                    entries++;
                    var further = ParseTraces.BeginsAt(entries);
                    if (further || chunk.IsFullFor(entry))
                        await PublishAsync(context, fetched, chunk);
                    if (further)
                        traces.Continue(entries);
                    chunk.Add(entry);
                    break;
                case ReportedPlace place:
                    reported++;
                    await RejectAsync(context, fetched, place);
                    break;
            }
        }
        await PublishAsync(context, fetched, chunk);
        traces.Dispose();
        await publisher.PublishAsync(
            context,
            new DigestParsed
            {
                Digest = fetched.Digest,
                Entries = entries,
                Reported = reported,
                Shape = parsed.Shape,
                RecognisedBy = parsed.RecognisedBy,
                Day = parsed.Day,
                DayStatedAt = retrieval.DayStatedAt,
                ParserVersion = DigestParser.Version,
            },
            context.CancellationToken
        );
        PipelineTelemetry.CountPapers("parse", "ok", entries);
    }

    private async Task PublishAsync(ConsumeContext context, DigestFetched fetched, EntryChunk chunk)
    {
        if (chunk.Take() is not { Count: > 0 } entries)
            return;
        await publisher.PublishAsync(
            context,
            new PapersParsed { Digest = fetched.Digest, Entries = entries },
            context.CancellationToken
        );
    }

    // A place without a position is the whole digest.
    private Task RejectAsync(ConsumeContext context, DigestFetched fetched, ReportedPlace place) =>
        publisher.PublishAsync(
            context,
            new EntryRejected
            {
                Digest = fetched.Digest,
                Position = place.Position.Length > 0 ? place.Position : null,
                Stage = "parse",
                Shape = place.Shape,
                Reason = place.Reason,
                Excerpt = place.Excerpt.Length > 0 ? place.Excerpt : null,
                TraceId = fetched.TraceId,
                ParserVersion = DigestParser.Version,
                RejectedAt = clock.GetUtcNow(),
            },
            context.CancellationToken
        );

    private string Beginning(string digest)
    {
        using var reader = new StreamReader(archive.OpenRead(digest));
        var buffer = new char[500];
        return new string(buffer, 0, reader.ReadBlock(buffer)).Replace('\0', ' ');
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
