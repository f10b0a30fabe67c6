using System.Diagnostics;
using PaperPipeline.Contracts;
using PaperPipeline.Fetcher;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>What became of an ingest.</summary>
/// <param name="Digests">The named digests, each once.</param>
/// <param name="Failures">Sources that could not be read, a line each.</param>
/// <param name="Stuck">Why not everything is settled; null when it is.</param>
internal sealed record IngestOutcome(
    IReadOnlyList<DigestStatus> Digests,
    IReadOnlyList<string> Failures,
    string? Stuck
);

/// <summary>Feeds digests to the stages, a bounded number at a time, until each is settled.</summary>
internal sealed class IngestRun(Standalone pipeline, TimeSpan timeout, ProgressReport progress)
{
    // Beyond these the announcements wait: the in-memory bus has no back-pressure.
    private const int MaxUnsettled = 1000;
    private static readonly TimeSpan DiskPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly HashSet<string> named = new(StringComparer.Ordinal);
    private readonly HashSet<string> unsettled = new(StringComparer.Ordinal);
    private readonly List<string> failures = [];
    private readonly Dictionary<string, DigestStatus> last = new(StringComparer.Ordinal);
    private StoreUnavailableException? readTrouble;
    private long askedAt;
    private TimeSpan pause;
    private long settledBefore = -1;
    private long movedAt = Stopwatch.GetTimestamp();

    public async Task<IngestOutcome> RunAsync(
        IReadOnlyList<string> sources,
        DateOnly? day,
        CancellationToken cancellationToken
    )
    {
        string? stuck = null;
        foreach (var source in sources)
        {
            try
            {
                if (await FetchAsync(source, day, cancellationToken) is { } fetched && named.Add(fetched.Digest))
                    stuck = await AnnounceAsync(fetched, day is not null, cancellationToken);
            }
            catch (ArchiveUnavailableException full)
            {
                stuck = full.Message;
            }
            if (stuck is not null)
                break;
        }
        // What an earlier run left is taken up; it is waited for, but not counted.
        foreach (var digest in pipeline.Archive.Digests())
            if (stuck is null && !named.Contains(digest) && pipeline.Archive.Find(digest) is { } retrieval)
                stuck = await AnnounceAsync(DigestFetcher.Announce(retrieval), false, cancellationToken);
        stuck ??= await WaitAsync(0, cancellationToken);
        if (named.Count > 0)
            await AskAsync(named, cancellationToken);
        return new IngestOutcome([.. named.Where(last.ContainsKey).Select(d => last[d])], failures, stuck);
    }

    /// <summary>
    /// Gives each letter back to the stage that failed, then takes it off the list; returns why not all of them are settled.
    /// Killed in the middle, some are tried once more than needed.
    /// </summary>
    public async Task<string?> RetryAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
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
            if (await WaitAsync(MaxUnsettled - 1, cancellationToken) is { } stuck)
                return stuck;
            var announced = !named.Add(rejected.Digest);
            if (rejected.Entry is { } entry)
            {
                if (!announced)
                    pipeline.InFlight.Read(entry.Digest);
                var chunk = new PapersParsed { Digest = entry.Digest, Entries = [entry] };
                await pipeline.PublishAsync(chunk, rejected.Attempts, cancellationToken);
            }
            else if (!announced || !unsettled.Contains(rejected.Digest))
            {
                await pipeline.PublishAsync(
                    DigestFetcher.Announce(retrieval!),
                    mostAttempts[rejected.Digest],
                    cancellationToken
                );
            }
            await pipeline.Store.RecordAsync(Retried(letter), cancellationToken);
            unsettled.Add(rejected.Digest);
        }
        return await WaitAsync(0, cancellationToken);
    }

    private static DeadLetterRetried Retried(DeadLetter letter) =>
        new()
        {
            Letter = letter.Id,
            Digest = letter.Rejected.Digest,
            ParserVersion = letter.Rejected.ParserVersion,
            Attempts = letter.Rejected.Attempts,
        };

    private async Task<DigestFetched?> FetchAsync(string source, DateOnly? day, CancellationToken cancellationToken)
    {
        try
        {
            if (source != "-")
                return await pipeline.Fetcher.FetchAsync(source, "file", day, cancellationToken);
            await using var input = Console.OpenStandardInput();
            return await pipeline.Fetcher.FetchAsync(input, "standard input", day, cancellationToken);
        }
        catch (FetchFailedException failure) when (failure is not ArchiveUnavailableException)
        {
            failures.Add(failure.Message);
            return null;
        }
    }

    private async Task<string?> AnnounceAsync(DigestFetched fetched, bool again, CancellationToken cancellationToken)
    {
        if (!again && await AskAsync([fetched.Digest], cancellationToken) is [{ IsSettled: true }])
            return null;
        var stuck = await WaitAsync(MaxUnsettled - 1, cancellationToken);
        if (stuck is not null)
            return stuck;
        await pipeline.PublishAsync(fetched, cancellationToken);
        unsettled.Add(fetched.Digest);
        return null;
    }

    private async Task<string?> WaitAsync(int allowed, CancellationToken cancellationToken)
    {
        while (unsettled.Count > allowed)
        {
            if (Stopwatch.GetElapsedTime(askedAt) >= pause)
                await AskForQuietAsync(cancellationToken);
            progress(named.Count - unsettled.Count(named.Contains), named.Count, Trouble()?.Reason);
            if (unsettled.Count <= allowed)
                break;
            if (Stuck() is { } reason)
                return reason;
            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
        }
        return null;
    }

    // Asking costs the index a refresh: it is asked the less often the longer it takes to answer.
    private async Task AskForQuietAsync(CancellationToken cancellationToken)
    {
        var quiet = unsettled.Where(pipeline.InFlight.IsQuiet).ToList();
        if (quiet.Count == 0)
            return;
        var started = Stopwatch.GetTimestamp();
        foreach (var status in await AskAsync(quiet, cancellationToken) ?? [])
            if (status.IsSettled)
                unsettled.Remove(status.Digest);
        askedAt = Stopwatch.GetTimestamp();
        pause = Stopwatch.GetElapsedTime(started, askedAt) * 10;
        if (pause > LongestPause)
            pause = LongestPause;
    }

    // Null while the index does not answer: nothing is known then, and what is announced twice does no harm.
    private async Task<IReadOnlyList<DigestStatus>?> AskAsync(
        IReadOnlyCollection<string> digests,
        CancellationToken cancellationToken
    )
    {
        try
        {
            IReadOnlyList<DigestStatus> statuses =
                digests.Count > 1 ? await pipeline.Store.FindAsync(digests, cancellationToken)
                : await pipeline.Store.FindAsync(digests.First(), cancellationToken) is { } status ? [status]
                : [];
            readTrouble = null;
            foreach (var each in statuses)
                last[each.Digest] = each;
            return statuses;
        }
        catch (StoreUnavailableException unavailable)
        {
            readTrouble = unavailable;
            return null;
        }
    }

    private (string Reason, bool Ends)? Trouble()
    {
        if (pipeline.Guard.Trouble is { } trouble)
            return (trouble.Reason, !trouble.MayPass && TimeProvider.System.GetUtcNow() - trouble.Since > DiskPatience);
        return readTrouble is { } unread ? (unread.Message, false) : null;
    }

    private string? Stuck()
    {
        var trouble = Trouble();
        if (trouble is { Ends: true })
            return trouble.Value.Reason;
        var settled = pipeline.InFlight.Settled;
        if (settled != settledBefore)
            (settledBefore, movedAt) = (settled, Stopwatch.GetTimestamp());
        return Stopwatch.GetElapsedTime(movedAt) > timeout
            ? $"Nothing moved for {timeout.TotalSeconds:0} s. {trouble?.Reason} Run it again: what is left is taken up."
            : null;
    }
}
