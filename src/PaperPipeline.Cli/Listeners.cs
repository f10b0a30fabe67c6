using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Cli;

/// <summary>Looks at the queues of the stages every few seconds: who listens, and whether what waits there grows less.</summary>
internal sealed class Listeners : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan StopPatience = TimeSpan.FromMilliseconds(500);

    private static readonly IReadOnlyDictionary<string, string> Workers = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        [Routes.Fetch] = "a fetcher",
        [Routes.Parse] = "a parser",
        [Routes.Enrich] = "an enricher",
        [Routes.Index] = "an indexer (one that runs has paused: its /health/ready says why)",
    };

    private readonly CancellationTokenSource stop = new();
    private readonly Dictionary<string, uint> waiting = new(StringComparer.Ordinal);
    private readonly Task looking;
    private volatile string? trouble;
    private volatile IReadOnlyList<string> missing = [];
    private long movement;

    /// <summary>Begins to look.</summary>
    public Listeners(BrokerProbe probe) => looking = LookOnAsync(probe);

    /// <summary>Why the broker does not answer; null when it does.</summary>
    public string? Trouble => trouble;

    /// <summary>The queues that nobody listens to.</summary>
    public IReadOnlyList<string> Missing => missing;

    /// <summary>Grows while every queue has a listener and one of them grows shorter.</summary>
    public long Movement => Interlocked.Read(ref movement);

    /// <summary>The queues that nobody listens to now.</summary>
    public static async Task<IReadOnlyList<string>> FindMissingAsync(
        BrokerProbe probe,
        CancellationToken cancellationToken
    ) => MissingOf(await probe.LookAsync([.. Workers.Keys], cancellationToken));

    /// <summary>What to do about a queue that nobody listens to.</summary>
    public static string Advice(string queue) => $"nobody listens to {queue}: start {Workers[queue]}";

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        try
        {
            // A connection to a broker that hangs takes its time to close.
            await looking.WaitAsync(StopPatience, TimeProvider.System);
        }
        catch (TimeoutException) { }
    }

    private async Task LookOnAsync(BrokerProbe probe)
    {
        while (!stop.IsCancellationRequested)
            try
            {
                await LookOnceAsync(probe);
                await Task.Delay(Interval, TimeProvider.System, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
    }

    private async Task LookOnceAsync(BrokerProbe probe)
    {
        try
        {
            var queues = await probe.LookAsync([.. Workers.Keys], stop.Token);
            (trouble, missing) = (null, MissingOf(queues));
            if (missing.Count == 0 && queues.Any(q => q.Value.Messages < waiting.GetValueOrDefault(q.Key)))
                Interlocked.Increment(ref movement);
            foreach (var (queue, (_, messages)) in queues)
                waiting[queue] = messages;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            trouble = "the bus does not answer";
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            trouble =
                (await probe.TryAsync(stop.Token))?.Message
                ?? $"the bus does not answer: {failure.Message.TrimEnd('.')}";
        }
    }

    private static List<string> MissingOf(IReadOnlyDictionary<string, (uint Consumers, uint Messages)> queues) =>
        [.. Workers.Keys.Where(queue => queues[queue].Consumers == 0)];
}
