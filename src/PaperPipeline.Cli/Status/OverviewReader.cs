using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli.Status;

/// <summary>
/// Looks at broker, index and archive at once. Whatever does not answer in time is trouble that is said, so that a look never
/// takes longer than that.
/// </summary>
internal sealed class OverviewReader(PipelineSettings settings) : IAsyncDisposable
{
    private const long LeastSpace = 64 * 1024 * 1024;

    private readonly LedgerReader index = new(settings);

    /// <summary>Looks once.</summary>
    /// <param name="within">How long the look may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Overview> ReadAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        var seen = new Overview { At = TimeProvider.System.GetUtcNow(), HasBroker = settings.Bus is not null };
        var archive = LookAtArchiveAsync(within, cancellationToken);
        var queues = LookAtQueuesAsync(within, cancellationToken);
        var store = LookAtIndexAsync(seen, within, cancellationToken);
        var (found, trouble) = await queues;
        var (exists, full) = await archive;
        seen = await store;
        // Behind a broker it may be out of sight here, and before the first digest there is none.
        if (!exists && !seen.HasBroker && seen.Digests.Count > 0)
            full = $"The archive {settings.Archive} is gone: mount its disk, or put it back from the backup.";
        return seen with { Queues = found, BusTrouble = trouble, ArchiveTrouble = full };
    }

    public ValueTask DisposeAsync() => index.DisposeAsync();

    private async Task<(IReadOnlyList<StageQueues> Queues, string? Trouble)> LookAtQueuesAsync(
        TimeSpan within,
        CancellationToken cancellationToken
    )
    {
        if (settings.Bus is not { } bus)
            return ([], null);
        var probe = new BrokerProbe(bus);
        try
        {
            return await InTimeAsync(
                async token =>
                    await probe.TryAsync(token) is { } trouble
                        ? ((IReadOnlyList<StageQueues>)[], (string?)trouble.Message)
                        : (await probe.LookAroundAsync(Routes.Queues, settings.RetryDelays, token), null),
                within,
                cancellationToken
            );
        }
        catch (TimeoutException)
        {
            return ([], $"The bus {bus.Name} does not answer within {within.TotalSeconds:0.#} s: look at its log.");
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return ([], $"The bus {bus.Name} does not say what is in its queues: {failure.Message.TrimEnd('.')}.");
        }
    }

    private async Task<Overview> LookAtIndexAsync(Overview seen, TimeSpan within, CancellationToken cancellationToken)
    {
        try
        {
            return await InTimeAsync(token => ReadIndexAsync(seen, token), within, cancellationToken);
        }
        catch (TimeoutException)
        {
            return seen with
            {
                IndexTrouble =
                    $"The index {settings.Index?.Name ?? settings.IndexFile} does not answer within {within.TotalSeconds:0.#} s: is it overloaded? Look at its log.",
            };
        }
        catch (Exception failure)
            when (failure is StoreUnavailableException or StoreRefusedException or IOException
                && !cancellationToken.IsCancellationRequested
            )
        {
            return seen with { IndexTrouble = failure.Message };
        }
    }

    private async Task<Overview> ReadIndexAsync(Overview seen, CancellationToken cancellationToken)
    {
        var store = await index.ReadAsync<IPaperStore?>(Task.FromResult<IPaperStore?>, null, cancellationToken);
        if (store is null)
            return seen with { IsEmpty = true, IsRead = true };
        string? trouble = null;
        try
        {
            await store.RequireWritableAsync(cancellationToken);
        }
        catch (StoreUnavailableException unavailable)
        {
            trouble = unavailable.Message;
        }
        return seen with
        {
            IsRead = true,
            IndexTrouble = trouble,
            Digests = await store.ListAsync(cancellationToken),
            Letters = await store.ListDeadLettersAsync(cancellationToken),
        };
    }

    // What hangs is not waited for, not even to be called off.
    private static async Task<T> InTimeAsync<T>(
        Func<CancellationToken, Task<T>> look,
        TimeSpan within,
        CancellationToken cancellationToken
    )
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(within);
        var looking = Task.Run(() => look(bounded.Token), cancellationToken);
        try
        {
            return await looking.WaitAsync(within, TimeProvider.System, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private async Task<(bool Exists, string? Trouble)> LookAtArchiveAsync(
        TimeSpan within,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await InTimeAsync(_ => Task.FromResult(LookAtArchive()), within, cancellationToken);
        }
        catch (TimeoutException)
        {
            return (
                true,
                $"The archive {settings.Archive} does not answer within {within.TotalSeconds:0.#} s: see to its disk."
            );
        }
    }

    private (bool Exists, string? Trouble) LookAtArchive()
    {
        if (!Directory.Exists(settings.Archive))
            return (false, null);
        try
        {
            var left = new DriveInfo(settings.Archive).AvailableFreeSpace;
            if (left < LeastSpace)
                return (
                    true,
                    $"The archive {settings.Archive} is on a disk with {left / 1024 / 1024} MiB left: free some, or no digest is fetched."
                );
            new DigestArchive(settings.Archive).EnsureWritable();
            return (true, null);
        }
        // Behind a broker it is the workers who write, and what this user may not do says nothing of them.
        catch (UnauthorizedAccessException) when (settings.Bus is not null)
        {
            return (true, null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return (
                true,
                $"The archive {settings.Archive} takes no digests: {failure.Message.TrimEnd('.')}. See to its disk, or fix the rights."
            );
        }
    }
}
