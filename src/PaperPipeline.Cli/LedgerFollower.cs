using System.Diagnostics;
using PaperPipeline.Fetcher;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>Follows digests in the ledger until each is settled, for as long as anything moves.</summary>
internal sealed class LedgerFollower(IStages stages, TimeSpan timeout, ProgressReport progress)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly HashSet<string> named = new(StringComparer.Ordinal);
    private readonly HashSet<string> settled = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateOnly?> unsettled = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DigestStatus> last = new(StringComparer.Ordinal);
    private readonly LostDigests lost = new(TimeProvider.System);
    private string? readTrouble;
    private long askedAt;
    private TimeSpan pause;
    private long changes;
    private (long, long) movementBefore = (-1, -1);
    private long movedAt = Stopwatch.GetTimestamp();

    /// <summary>What was last known of the named digests.</summary>
    public IEnumerable<DigestStatus> Named => named.Where(last.ContainsKey).Select(digest => last[digest]);

    /// <summary>The digest is one of those that are counted; false when it was before.</summary>
    public bool Name(string digest) => named.Add(digest);

    /// <summary>True when it is counted.</summary>
    public bool Names(string digest) => named.Contains(digest);

    /// <summary>True while it is waited for.</summary>
    public bool Follows(string digest) => unsettled.ContainsKey(digest);

    /// <summary>The digest is waited for, until its papers bear the day where one was stated just now.</summary>
    public void Follow(string digest, DateOnly? stated)
    {
        unsettled[digest] = stated;
        settled.Remove(digest);
    }

    /// <summary>Nothing of the digest is waited for.</summary>
    public void Settle(string digest)
    {
        lost.Forget(digest);
        unsettled.Remove(digest);
        settled.Add(digest);
    }

    /// <summary>
    /// True when the ledger calls the digest settled. While the index does not answer nothing is known, and what is announced
    /// twice does no harm.
    /// </summary>
    public async Task<bool> IsSettledAsync(string digest, CancellationToken cancellationToken)
    {
        if (readTrouble is null)
            await TryAsync(
                async token =>
                {
                    if (await AskAsync([digest], token) is [{ IsSettled: true }])
                        Settle(digest);
                },
                cancellationToken
            );
        return settled.Contains(digest);
    }

    /// <summary>
    /// Brings what is known of the named digests up to date, as far as the index answers. What it has lost meanwhile is
    /// waited for again.
    /// </summary>
    public async Task AskForNamedAsync(CancellationToken cancellationToken)
    {
        if (named.Count > 0)
            await TryAsync(
                async token =>
                {
                    var there = (await AskAsync(named, token)).Where(s => s.IsSettled).Select(s => s.Digest);
                    foreach (var digest in named.Except(there, StringComparer.Ordinal).Where(stages.IsAtRest).ToList())
                    {
                        last.Remove(digest);
                        Follow(digest, null);
                    }
                },
                cancellationToken
            );
    }

    /// <summary>Waits until no more than these are unsettled; gives the reason where that is not to be expected.</summary>
    public async Task<string?> WaitAsync(int allowed, CancellationToken cancellationToken)
    {
        while (Open > allowed)
        {
            await LookForAnswersAsync(cancellationToken);
            if (Stopwatch.GetElapsedTime(askedAt) >= pause)
                await AskForQuietAsync(cancellationToken);
            Report();
            if (Open <= allowed)
                break;
            if (Stuck() is { } reason)
                return reason;
            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
        }
        return null;
    }

    /// <summary>
    /// Does a piece of work that bus or index may hold up, again and again; gives the reason where it cannot be done.
    /// </summary>
    public async Task<string?> DoAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var begun = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        while (true)
        {
            var attempt = TryAsync(work, begun.Token);
            while (!attempt.IsCompleted)
            {
                await Task.WhenAny(attempt, Task.Delay(Poll, TimeProvider.System, cancellationToken));
                Report();
                if (!attempt.IsCompleted && Stuck() is { } stays)
                {
                    await begun.CancelAsync();
                    return stays;
                }
            }
            if (await attempt)
            {
                changes++;
                return null;
            }
            if (Stuck() is { } reason)
                return reason;
            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
        }
    }

    private int Open => unsettled.Count + (stages.Requests?.Waiting ?? 0);

    private async Task<bool> TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
            return true;
        }
        catch (BusUnavailableException)
        {
            // The stages say what is wrong with their bus.
        }
        catch (StoreUnavailableException unavailable)
        {
            readTrouble = unavailable.Message;
        }
        return false;
    }

    // What an address became is known when the fetcher answers, or when its failure is in the index.
    private async Task LookForAnswersAsync(CancellationToken cancellationToken)
    {
        if (stages.Requests is not { Waiting: > 0 } requests)
            return;
        foreach (var (digest, day) in requests.TakeAnswers())
        {
            changes++;
            named.Add(digest);
            Follow(digest, day is null ? null : stages.Archive.Find(digest)?.StatedDay);
        }
        await TryAsync(requests.AskAgainAsync, cancellationToken);
        await TryAsync(
            async token =>
            {
                foreach (var dead in await requests.TakeDeadAsync(token))
                {
                    changes++;
                    named.Add(dead.Digest);
                    last[dead.Digest] = dead;
                    Settle(dead.Digest);
                }
            },
            cancellationToken
        );
    }

    // Asking costs the index a refresh: it is asked the less often the longer it takes to answer.
    private async Task AskForQuietAsync(CancellationToken cancellationToken)
    {
        var quiet = unsettled.Keys.Where(stages.IsQuiet).ToList();
        if (quiet.Count == 0)
            return;
        var started = Stopwatch.GetTimestamp();
        await TryAsync(
            async token =>
            {
                foreach (var status in await AskAsync(quiet, token))
                    if (
                        status.IsSettled
                        && (unsettled[status.Digest] is not { } day || await stages.HasDayAsync(status, day, token))
                    )
                        Settle(status.Digest);
                foreach (var digest in quiet)
                    if (Follows(digest) && stages.IsAtRest(digest) && lost.IsLost(digest))
                        await AnnounceAsync(digest, token);
            },
            cancellationToken
        );
        askedAt = Stopwatch.GetTimestamp();
        pause = Stopwatch.GetElapsedTime(started, askedAt) * 10;
        if (pause > LongestPause)
            pause = LongestPause;
    }

    private async Task AnnounceAsync(string digest, CancellationToken cancellationToken)
    {
        if (stages.Archive.Find(digest) is { } retrieval)
            await stages.PublishAsync(DigestFetcher.Announce(retrieval), attempts: 0, cancellationToken);
    }

    private async Task<IReadOnlyList<DigestStatus>> AskAsync(
        IReadOnlyCollection<string> digests,
        CancellationToken cancellationToken
    )
    {
        var statuses = await stages.FindAsync(digests, cancellationToken);
        readTrouble = null;
        foreach (var each in statuses)
        {
            if (last.GetValueOrDefault(each.Digest) != each)
                changes++;
            last[each.Digest] = each;
        }
        return statuses;
    }

    private void Report() =>
        progress(named.Count(settled.Contains), named.Count + (stages.Requests?.Waiting ?? 0), Reason());

    private string? Reason() => stages.Trouble?.Reason ?? readTrouble;

    private string? Stuck()
    {
        if (stages.Trouble is { Ends: true } trouble)
            return trouble.Reason;
        var movement = (stages.Movement, changes);
        if (movement != movementBefore)
            (movementBefore, movedAt) = (movement, Stopwatch.GetTimestamp());
        if (Stopwatch.GetElapsedTime(movedAt) <= timeout)
            return null;
        var why = Reason() is { } reason ? $": {reason.TrimEnd('.')}." : ".";
        return $"Nothing moved for {timeout.TotalSeconds:0} s{why} Run it again: what is left is taken up.";
    }
}
