using PaperPipeline.Indexer;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>Reads an index that others write: it may not exist yet, and may be away for a while.</summary>
internal sealed class LedgerReader(PipelineSettings settings) : IAsyncDisposable
{
    private IPaperStore? store;

    /// <summary>Why it could not be read the last time; null when it could.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Opens it where something was written to it.</summary>
    /// <exception cref="StoreRefusedException">It is not ours, of a newer version, or refuses us.</exception>
    /// <exception cref="StoreUnavailableException">It does not answer within 5 s.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken) =>
        store ??= await PaperStores.OpenAsync(settings, write: false, cancellationToken);

    /// <summary>Asks it; gives <paramref name="otherwise"/> where nothing was written to it yet.</summary>
    /// <exception cref="StoreUnavailableException">It does not answer now.</exception>
    public async Task<T> ReadAsync<T>(Func<IPaperStore, Task<T>> ask, T otherwise, CancellationToken cancellationToken)
    {
        try
        {
            await OpenAsync(cancellationToken);
            var answer = store is null ? otherwise : await ask(store);
            Trouble = null;
            return answer;
        }
        catch (StoreUnavailableException unavailable)
        {
            Trouble = unavailable.Message;
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (store is not null)
            await store.DisposeAsync();
    }
}
