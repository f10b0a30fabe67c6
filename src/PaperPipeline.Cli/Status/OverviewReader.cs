using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli.Status;

/// <summary>
/// Looks at broker, index and archive at once. Whatever does not answer in time is trouble that is said, so that a look never
/// takes longer than that.
/// </summary>
internal sealed class OverviewReader(PipelineSettings settings) : IAsyncDisposable
{
    private const long LeastSpace = 64 * 1024 * 1024;

    private static readonly string[] Stages = [Routes.Fetch, Routes.Parse, Routes.Enrich, Routes.Index];

    private readonly LedgerReader index = new(settings);

    /// <summary>Looks once.</summary>
    /// <param name="within">How long the look may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Overview> ReadAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        var seen = new Overview
        {
            At = TimeProvider.System.GetUtcNow(),
            HasBroker = settings.Bus is not null,
            ArchiveTrouble = LookAtArchive(settings.Archive),
        };
        var queues = LookAtQueuesAsync(within, cancellationToken);
        var store = LookAtIndexAsync(seen, within, cancellationToken);
        var (found, trouble) = await queues;
        return (await store) with { Queues = found, BusTrouble = trouble };
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
                        : (await probe.LookAroundAsync(Stages, settings.RetryDelays, token), null),
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
            return seen with { IsEmpty = true };
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

    private static string? LookAtArchive(string path)
    {
        if (!Directory.Exists(path))
            return null;
        var left = new DriveInfo(path).AvailableFreeSpace;
        return left >= LeastSpace
            ? null
            : $"The archive {path} is on a disk with {left / 1024 / 1024} MiB left: free some, or no digest is fetched.";
    }
}
