using PaperPipeline.ServiceDefaults.Messaging;
using RabbitMQ.Client.Exceptions;

namespace PaperPipeline.Cli;

/// <summary>Looks at the queues of the stages every few seconds: who listens, and whether what waits there grows less.</summary>
internal sealed class Listeners : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private static readonly IReadOnlyDictionary<string, string> Workers = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        [Routes.Fetch] = "a fetcher",
        [Routes.Parse] = "a parser",
        [Routes.Enrich] = "an enricher",
        [Routes.Index] = "an indexer",
    };

    private readonly CancellationTokenSource stop = new();
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
        await looking;
        stop.Dispose();
    }

    private async Task LookOnAsync(BrokerProbe probe)
    {
        var before = new Dictionary<string, uint>(StringComparer.Ordinal);
        while (!stop.IsCancellationRequested)
            try
            {
                var queues = await probe.LookAsync([.. Workers.Keys], stop.Token);
                (trouble, missing) = (null, MissingOf(queues));
                if (missing.Count == 0 && queues.Any(q => q.Value.Messages < before.GetValueOrDefault(q.Key)))
                    Interlocked.Increment(ref movement);
                foreach (var (queue, (_, messages)) in queues)
                    before[queue] = messages;
                await Task.Delay(Interval, TimeProvider.System, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
            catch (Exception failure)
            {
                trouble = failure is BrokerUnreachableException or OperationCanceledException
                    ? "the bus does not answer"
                    : $"the bus does not answer: {failure.Message.TrimEnd('.')}";
            }
    }

    private static List<string> MissingOf(IReadOnlyDictionary<string, (uint Consumers, uint Messages)> queues) =>
        [.. Workers.Keys.Where(queue => queues[queue].Consumers == 0)];
}
