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

/// <summary>What was handed over to the workers.</summary>
/// <param name="Digests">Archived and announced, each once.</param>
/// <param name="Addresses">Given to the fetcher.</param>
/// <param name="Failures">Sources that could not be read, a line each.</param>
/// <param name="Stuck">Why not everything was handed over; null when it was.</param>
internal sealed record HandOver(
    IReadOnlyList<DigestFetched> Digests,
    IReadOnlyList<FetchSource> Addresses,
    IReadOnlyList<string> Failures,
    string? Stuck
);

/// <summary>Feeds sources to the stages, a bounded number of digests at a time.</summary>
internal sealed class IngestRun(IStages stages, LedgerFollower follower)
{
    private readonly List<string> failures = [];

    /// <summary>Feeds the sources and waits until each of their digests is settled.</summary>
    public async Task<IngestOutcome> RunAsync(
        IReadOnlyList<string> sources,
        DateOnly? day,
        CancellationToken cancellationToken
    )
    {
        var stuck = await ForEachAsync(
            sources,
            async source =>
            {
                if (stages.Requests is { } requests && DigestFetcher.IsUrl(source))
                    return await follower.DoAsync(
                        token => requests.AskAsync(DigestFetcher.AddressOf(source), day, token),
                        cancellationToken
                    );
                var fetched = await FetchAsync(source, day, cancellationToken);
                return follower.Name(fetched.Digest)
                    ? await AnnounceAsync(fetched, day is not null, cancellationToken)
                    : null;
            }
        );
        // What an earlier run left is taken up; it is waited for, but not counted.
        foreach (var digest in stages.Left)
            if (stuck is null && !follower.Names(digest) && stages.Archive.Find(digest) is { } retrieval)
                stuck = await AnnounceAsync(DigestFetcher.Announce(retrieval), false, cancellationToken);
        stuck ??= await follower.WaitAsync(0, cancellationToken);
        await follower.AskForNamedAsync(cancellationToken);
        stuck ??= await follower.WaitAsync(0, cancellationToken);
        return new IngestOutcome([.. follower.Named], failures, stuck);
    }

    /// <summary>Feeds the sources and returns as soon as the bus has everything. No index is asked.</summary>
    public async Task<HandOver> HandOverAsync(
        IReadOnlyList<string> sources,
        DateOnly? day,
        CancellationToken cancellationToken
    )
    {
        var (digests, addresses) = (new List<DigestFetched>(), new List<FetchSource>());
        var stuck = await ForEachAsync(
            sources,
            async source =>
            {
                if (DigestFetcher.IsUrl(source))
                {
                    var address = DigestFetcher.AddressOf(source).OriginalString;
                    return await GiveAsync(address, new FetchSource { Address = address, Day = day }, addresses);
                }
                var fetched = await FetchAsync(source, day, cancellationToken);
                return await GiveAsync(fetched.Digest, fetched, digests);
            }
        );
        return new HandOver(digests, addresses, failures, stuck);

        async Task<string?> GiveAsync<T>(string name, T message, List<T> given)
            where T : class
        {
            if (!follower.Name(name))
                return null;
            var reason = await follower.DoAsync(
                token => stages.PublishAsync(message, attempts: 0, token),
                cancellationToken
            );
            if (reason is not null)
                return reason;
            follower.Settle(name);
            given.Add(message);
            return null;
        }
    }

    // A source that cannot be read does not keep the others; an archive that takes nothing does.
    private async Task<string?> ForEachAsync(IReadOnlyList<string> sources, Func<string, Task<string?>> feed)
    {
        foreach (var source in sources)
            try
            {
                if (await feed(source) is { } stuck)
                    return stuck;
            }
            catch (ArchiveUnavailableException full)
            {
                return full.Message;
            }
            catch (FetchFailedException failure)
            {
                failures.Add(failure.Message);
            }
        return null;
    }

    private async Task<DigestFetched> FetchAsync(string source, DateOnly? day, CancellationToken cancellationToken)
    {
        if (source != "-")
            return await stages.Fetcher.FetchAsync(source, "file", day, cancellationToken);
        await using var input = Console.OpenStandardInput();
        return await stages.Fetcher.FetchAsync(input, "standard input", day, cancellationToken);
    }

    private async Task<string?> AnnounceAsync(DigestFetched fetched, bool again, CancellationToken cancellationToken)
    {
        if (!again && await follower.IsSettledAsync(fetched.Digest, cancellationToken))
            return null;
        var stuck =
            await follower.WaitAsync(stages.MaxUnsettled - 1, cancellationToken)
            ?? await follower.DoAsync(token => stages.PublishAsync(fetched, attempts: 0, token), cancellationToken);
        if (stuck is null)
            follower.Follow(fetched.Digest, again ? stages.Archive.Find(fetched.Digest)?.StatedDay : null);
        return stuck;
    }
}
