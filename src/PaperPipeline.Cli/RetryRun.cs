using PaperPipeline.Contracts;
using PaperPipeline.Fetcher;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>Gives dead letters back to their stages, a bounded number of digests at a time.</summary>
internal sealed class RetryRun(Standalone pipeline, LedgerFollower follower)
{
    /// <summary>
    /// Gives each letter back to the stage that failed, then takes it off the list; returns why not all of them are settled.
    /// Killed in the middle, some are tried once more than needed.
    /// </summary>
    public async Task<string?> RunAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        var mostAttempts = letters
            .GroupBy(letter => letter.Rejected.Digest, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Max(letter => letter.Rejected.Attempts), StringComparer.Ordinal);
        foreach (var letter in letters)
        {
            var rejected = letter.Rejected;
            var retrieval = pipeline.Archive.Find(rejected.Digest);
            if (rejected.Entry is null && retrieval is null)
                return $"The archive does not hold digest {rejected.Digest}: letter {letter.Id} cannot be retried.";
            if (await follower.WaitAsync(pipeline.MaxUnsettled - 1, cancellationToken) is { } stuck)
                return stuck;
            var announced = !follower.Name(rejected.Digest);
            if (rejected.Entry is { } entry)
            {
                if (!announced)
                    pipeline.InFlight.Read(entry.Digest);
                var chunk = new PapersParsed { Digest = entry.Digest, Entries = [entry] };
                await pipeline.PublishAsync(chunk, rejected.Attempts, cancellationToken);
            }
            else if (!announced || !follower.Follows(rejected.Digest))
            {
                await pipeline.PublishAsync(
                    DigestFetcher.Announce(retrieval!),
                    mostAttempts[rejected.Digest],
                    cancellationToken
                );
            }
            await pipeline.Store.RecordAsync(Retried(letter), cancellationToken);
            follower.Follow(rejected.Digest, null);
        }
        return await follower.WaitAsync(0, cancellationToken);
    }

    /// <summary>Says that a letter was given back.</summary>
    public static DeadLetterRetried Retried(DeadLetter letter) =>
        new()
        {
            Letter = letter.Id,
            Digest = letter.Rejected.Digest,
            ParserVersion = letter.Rejected.ParserVersion,
            Attempts = letter.Rejected.Attempts,
        };
}
