using PaperPipeline.Contracts;
using PaperPipeline.Fetcher;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>Gives dead letters back to their stages, a bounded number of digests at a time.</summary>
internal sealed class RetryRun(IStages stages, LedgerFollower follower)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, DeadLetterRetried> given = new(StringComparer.Ordinal);

    /// <summary>
    /// Gives each letter back to the stage that failed, then takes it off the list; returns why not all of them are settled.
    /// Killed in the middle, some are tried once more than needed.
    /// </summary>
    /// <exception cref="WorkFailedException">One of them cannot be given back.</exception>
    public async Task<string?> RunAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        var mostAttempts = letters
            .GroupBy(letter => letter.Rejected.Digest, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Max(letter => letter.Rejected.Attempts), StringComparer.Ordinal);
        foreach (var letter in letters)
        {
            var stuck =
                await follower.WaitAsync(stages.MaxUnsettled - 1, cancellationToken)
                ?? await follower.DoAsync(
                    token => GiveAsync(letter, mostAttempts[letter.Rejected.Digest], token),
                    cancellationToken
                );
            if (stuck is not null)
                return stuck;
        }
        return await follower.DoAsync(WaitForMarksAsync, cancellationToken)
            ?? await follower.WaitAsync(0, cancellationToken);
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

    private async Task GiveAsync(DeadLetter letter, int mostAttempts, CancellationToken cancellationToken)
    {
        var rejected = letter.Rejected;
        if (rejected.Request is { } request)
        {
            await FetchAsync(letter, request, cancellationToken);
            return;
        }
        if (rejected.Message is { } message)
        {
            await stages.PutBackAsync(message, rejected.Attempts, cancellationToken);
        }
        else if (rejected.Entry is { } entry)
        {
            if (follower.Name(entry.Digest))
                stages.Enter(entry.Digest);
            var chunk = new PapersParsed { Digest = entry.Digest, Entries = [entry] };
            await stages.PublishAsync(chunk, rejected.Attempts, cancellationToken);
            follower.Follow(entry.Digest, null);
        }
        else if (follower.Name(rejected.Digest) || !follower.Follows(rejected.Digest))
        {
            await stages.PublishAsync(Announcement(letter), mostAttempts, cancellationToken);
            follower.Follow(rejected.Digest, null);
        }
        await MarkAsync(letter, cancellationToken);
    }

    private DigestFetched Announcement(DeadLetter letter) =>
        stages.Archive.Find(letter.Rejected.Digest) is { } retrieval
            ? DigestFetcher.Announce(retrieval)
            : throw new WorkFailedException(
                $"The archive does not hold digest {letter.Rejected.Digest}: letter {letter.Id} cannot be retried."
            );

    // Where workers fetch, asking takes the letter off the list; where this process does, a failure leaves it there.
    private async Task FetchAsync(DeadLetter letter, FetchSource request, CancellationToken cancellationToken)
    {
        if (stages.Requests is { } requests && DigestFetcher.IsUrl(request.Address))
        {
            await requests.AskAsync(new Uri(request.Address), request.Day, cancellationToken);
            return;
        }
        try
        {
            var fetched = await stages.Fetcher.FetchAsync(request.Address, "url", request.Day, cancellationToken);
            await stages.PublishAsync(fetched, 0, cancellationToken);
            follower.Name(fetched.Digest);
            follower.Follow(fetched.Digest, null);
            await MarkAsync(letter, cancellationToken);
        }
        catch (FetchFailedException failure) when (failure is not ArchiveUnavailableException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
        }
    }

    private Task MarkAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        var mark = Retried(letter);
        given[letter.Id] = mark;
        return stages.MarkAsync(mark, cancellationToken);
    }

    // Until the marks are in the index, the ledger still calls settled what is tried again.
    private async Task WaitForMarksAsync(CancellationToken cancellationToken)
    {
        while ((await stages.ListDeadLettersAsync(cancellationToken)).Any(IsAsGiven))
            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
    }

    private bool IsAsGiven(DeadLetter letter) => given.TryGetValue(letter.Id, out var mark) && mark == Retried(letter);
}
