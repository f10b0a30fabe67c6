using PaperPipeline.Indexer;
using PaperPipeline.IntegrationTests.Support.Brokers;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.IntegrationTests.Support;

/// <summary>The four workers over a virtual host of a real broker, with a data directory and an index of their own.</summary>
internal sealed class TestPipeline : IAsyncDisposable
{
    public static readonly IReadOnlyList<string> Stages = ["Fetcher", "Parser", "Enricher", "Indexer"];

    private readonly List<Worker> _workers = [];

    public TestPipeline(BrokerHost host)
    {
        Host = host;
        Program.Variables["PAPERPIPELINE_BUS"] = host.Address;
    }

    public BrokerHost Host { get; }

    /// <summary>The command line over the same archive and index.</summary>
    public TestProgram Program { get; } = new();

    /// <summary>What the workers wrote so far.</summary>
    public IEnumerable<string> Logs => _workers.Select(worker => worker.Log);

    public string Drop => Path.Combine(Program.DataDir, "drop");

    /// <summary>Starts a worker without waiting for it.</summary>
    public Worker Start(string stage)
    {
        var worker = new Worker(stage, Program.Folder, Program.Settings);
        _workers.Add(worker);
        return worker;
    }

    /// <summary>Starts a worker and waits until it is ready.</summary>
    public async Task<Worker> StartReadyAsync(string stage)
    {
        var worker = Start(stage);
        await worker.ReadyAsync();
        return worker;
    }

    /// <summary>Starts workers of these stages, or all four, and waits until they are ready.</summary>
    public async Task<IReadOnlyList<Worker>> StartAllAsync(params IReadOnlyList<string> stages)
    {
        var started = (stages.Count > 0 ? stages : Stages).Select(Start).ToList();
        await Task.WhenAll(started.Select(worker => worker.ReadyAsync()));
        return started;
    }

    /// <summary>Stops all workers that run; each must end with 0.</summary>
    public async Task StopAllAsync()
    {
        var running = _workers.Where(worker => !worker.HasEnded).ToList();
        foreach (var (worker, run) in running.Zip(await Task.WhenAll(running.Select(w => w.StopAsync()))))
            Assert.True(run.Code == 0, $"{worker.Stage} ended with {run.Code}: {worker.Log}");
    }

    /// <summary>Puts files into the drop folder as a careful writer does: whole, under their last name.</summary>
    public void DropAll(string folder)
    {
        Directory.CreateDirectory(Drop);
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            var part = Path.Combine(Drop, ".part");
            File.Copy(file, part);
            File.Move(part, Path.Combine(Drop, Path.GetFileName(file)), overwrite: true);
        }
    }

    /// <summary>Waits until the ledger calls so many digests settled.</summary>
    public Task SettledAsync(int digests)
    {
        IReadOnlyList<DigestStatus> last = [];
        return Eventually.HoldsAsync(
            async () =>
            {
                Assert.DoesNotContain(_workers, w => w.HasEnded && w.Log.Contains("stalled", StringComparison.Ordinal));
                last = await ReadAsync(store => store.ListAsync(Token), []);
                return last.Count(digest => digest.IsSettled) >= digests;
            },
            () => $"{digests} digests are settled; {string.Join(", ", last.CountBy(d => d.State))}"
        );
    }

    /// <summary>Number of documents in the index.</summary>
    public Task<long> CountAsync() => ReadAsync(store => store.CountAsync(Token), 0);

    /// <summary>Asks the index in this process; <paramref name="otherwise"/> where nothing was written yet.</summary>
    public async Task<T> ReadAsync<T>(Func<IPaperStore, Task<T>> ask, T otherwise)
    {
        var settings = PipelineSettings.Read(name => Program.Settings.GetValueOrDefault("PAPERPIPELINE_" + name));
        await using var store = await PaperStores.OpenAsync(settings, write: false, Token);
        return store is null ? otherwise : await ask(store);
    }

    /// <summary>The queues that hold messages.</summary>
    public async Task<IReadOnlyList<Queue>> FilledQueuesAsync() =>
        [.. (await Host.QueuesAsync()).Where(queue => queue.Messages > 0)];

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        Program.Dispose();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
