using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Archive;

namespace PaperPipeline.Parser;

/// <summary>Reads an archived digest into the messages that say what it holds.</summary>
public sealed class DigestReader(DigestArchive archive, DigestParser parser, TimeProvider clock)
{
    /// <summary>
    /// Streams <see cref="PapersParsed"/> in chunks, an <see cref="EntryRejected"/> for each leftover, and at last
    /// <see cref="DigestParsed"/>.
    /// </summary>
    /// <exception cref="UnreadableDigestException">The digest cannot be read.</exception>
    /// <exception cref="IOException">The archive is away, or does not hold the digest.</exception>
    public IEnumerable<object> Read(DigestFetched fetched)
    {
        var (parsed, retrieval) = Open(fetched.Digest);
        var chunk = new EntryChunk();
        var (entries, reported) = (0, 0);
        var sources = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in parsed.Items)
            switch (item)
            {
                case ParsedEntry { Entry: var entry }:
                    entries++;
                    sources[entry.Source] = sources.GetValueOrDefault(entry.Source) + 1;
                    if (ParseTraces.BeginsAt(entries) || chunk.IsFullFor(entry))
                        if (chunk.Take() is { Count: > 0 } full)
                            yield return new PapersParsed { Digest = fetched.Digest, Entries = full };
                    chunk.Add(entry);
                    break;
                case ReportedPlace place:
                    reported++;
                    yield return Rejected(fetched, place.Reason, place.Excerpt.Length > 0 ? place.Excerpt : null) with
                    {
                        Position = place.Position.Length > 0 ? place.Position : null,
                        Shape = place.Shape,
                    };
                    break;
            }
        if (chunk.Take() is { Count: > 0 } last)
            yield return new PapersParsed { Digest = fetched.Digest, Entries = last };
        yield return new DigestParsed
        {
            Digest = fetched.Digest,
            Entries = entries,
            Reported = reported,
            Shape = parsed.Shape,
            RecognisedBy = parsed.RecognisedBy,
            Source = sources.OrderByDescending(source => source.Value).FirstOrDefault().Key,
            Day = parsed.Day,
            DayStatedAt = retrieval.DayStatedAt,
            ParserVersion = DigestParser.Version,
            ParsedAt = clock.GetUtcNow(),
        };
    }

    /// <summary>Recognises an archived digest; reads no entries yet.</summary>
    /// <exception cref="UnreadableDigestException">The digest cannot be read.</exception>
    /// <exception cref="IOException">The archive is away, or does not hold the digest.</exception>
    public (ParsedDigest Parsed, Retrieval Retrieval) Open(string digest)
    {
        // One that is away is no fault of the digest.
        archive.EnsureReadable();
        var retrieval =
            archive.Find(digest)
            // Perhaps not yet: what several machines see of one folder may lag behind.
            ?? throw new FileNotFoundException("The archive holds no retrieval record of this digest.");
        if (retrieval.First.ExceededLimit is { } limit)
            throw new UnreadableDigestException(
                $"{RejectionReasons.TooLarge}{limit / 1024 / 1024} MiB; only its first 64 KiB were kept. Split it and ingest the parts.",
                Beginning(digest)
            );
        var parsed = parser.Parse(
            () => archive.OpenRead(digest),
            new DigestContext
            {
                Digest = digest,
                RetrievedAt = retrieval.First.RetrievedAt,
                TraceId = retrieval.First.TraceId,
                MediaType = retrieval.First.MediaType,
                Name = retrieval.First.Name,
                StatedDay = retrieval.StatedDay,
                DayStatedAt = retrieval.DayStatedAt,
            }
        );
        return (parsed, retrieval);
    }

    /// <summary>The dead letter of a digest that cannot be read; null where the failure is no fault of the digest.</summary>
    public EntryRejected? Rejected(DigestFetched fetched, Exception failure) =>
        failure switch
        {
            UnreadableDigestException unreadable => Rejected(
                fetched,
                unreadable.Message,
                unreadable.Excerpt.Length > 0 ? unreadable.Excerpt : null
            ),
            // What does not get through is tried again; only what cannot be read is a dead letter.
            OperationCanceledException or TimeoutException or IOException => null,
            _ => Rejected(fetched, $"The digest could not be read: {failure.Message}", null),
        };

    private EntryRejected Rejected(DigestFetched fetched, string reason, string? excerpt) =>
        new()
        {
            Digest = fetched.Digest,
            Stage = "parse",
            Reason = reason,
            Excerpt = excerpt,
            TraceId = fetched.TraceId,
            ParserVersion = DigestParser.Version,
            RejectedAt = clock.GetUtcNow(),
        };

    private string Beginning(string digest)
    {
        using var reader = new StreamReader(archive.OpenRead(digest));
        var buffer = new char[500];
        return new string(buffer, 0, reader.ReadBlock(buffer)).Replace('\0', ' ');
    }
}
