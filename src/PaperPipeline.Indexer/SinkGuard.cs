using PaperPipeline.Storage.Index;

namespace PaperPipeline.Indexer;

/// <summary>
/// Keeps trouble of the index away from the papers: a write is held and tried again with back-off until the index
/// takes it, however long that lasts.
/// </summary>
public sealed class SinkGuard(TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private volatile SinkTrouble? trouble;

    /// <summary>What is wrong with the index now; null when it takes writes.</summary>
    public SinkTrouble? Trouble => trouble;

    /// <summary>Runs a write until it succeeds.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken)
    {
        for (var pause = TimeSpan.FromMilliseconds(200); ; pause = pause * 2 < Longest ? pause * 2 : Longest)
        {
            try
            {
                var result = await write();
                trouble = null;
                return result;
            }
            catch (StoreUnavailableException unavailable)
            {
                trouble = new SinkTrouble(
                    unavailable.Message,
                    trouble?.Since ?? clock.GetUtcNow(),
                    unavailable.MayPass
                );
            }
            await Task.Delay(pause, clock, cancellationToken);
        }
    }
}

/// <summary>The index does not take writes.</summary>
/// <param name="Reason">One line for a person: what is wrong and what to do.</param>
/// <param name="Since">Since when (UTC).</param>
/// <param name="MayPass">True when it may pass by itself.</param>
public sealed record SinkTrouble(string Reason, DateTimeOffset Since, bool MayPass);
