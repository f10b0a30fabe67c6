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

    /// <summary>The end of what each worker wrote.</summary>
    public IEnumerable<string> Logs =>
        _workers.Select(w => $"{w}{(w.HasEnded ? ", ended" : "")}: {w.Log[^Math.Min(1500, w.Log.Length)..]}");

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
    public async Task SettledAsync(int digests)
    {
        var last = 0;
        await Eventually.HoldsAsync(
            async () => (last = await SettledNowAsync()) >= digests,
            () => $"{digests} digests are settled; {last} are. {string.Join('\n', Logs)}"
        );
    }

    /// <summary>Number of digests that are settled.</summary>
    public async Task<int> SettledNowAsync() =>
        (await ReadAsync(store => store.ListAsync(Token), [])).Count(digest => digest.IsSettled);

    /// <summary>The queues that hold messages, waiting or taken.</summary>
    public async Task<IReadOnlyList<Queue>> FilledQueuesAsync() =>
        [.. (await Host.QueuesAsync()).Where(queue => queue.Messages > 0)];

    /// <summary>Waits until no queue holds a message.</summary>
    public async Task AtRestAsync()
    {
        IReadOnlyList<Queue> filled = [];
        var quiet = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                filled = await FilledQueuesAsync();
                // The broker's figures are a moment old.
                quiet = filled.Count == 0 ? quiet + 1 : 0;
                return quiet > 2;
            },
            () => $"no queue holds messages; {string.Join(", ", filled)}"
        );
    }

    /// <summary>
    /// At the end: stops the workers and sees that the index holds exactly what one process makes of the same digests, that
    /// the ledger is complete, and that there are no dead letters and no messages.
    /// </summary>
    public async Task EndsWellAsync(string digests)
    {
        var count = Directory.GetFiles(digests).Length;
        await SettledAsync(count);
        await AtRestAsync();
        await StopAllAsync();
        using var alone = new TestProgram();
        await alone.RunAsync("ingest", digests);

        Assert.Equal(
            Digests.Timeless((await alone.ExportAsync()).Out),
            Digests.Timeless((await Program.ExportAsync()).Out)
        );
        var ledger = await ReadAsync(store => store.ListAsync(Token), []);
        Assert.Equal(count, ledger.Count);
        Assert.All(ledger, digest => Assert.Equal("complete", digest.State));
        Assert.Empty(await LettersAsync());
        await AtRestAsync();
    }

    /// <summary>Number of documents in the index.</summary>
    public Task<long> CountAsync() => ReadAsync(store => store.CountAsync(Token), 0);

    /// <summary>The dead letters.</summary>
    public Task<IReadOnlyList<DeadLetter>> LettersAsync() => ReadAsync(store => store.ListDeadLettersAsync(Token), []);

    /// <summary>Digest and ordinal of every entry in the index.</summary>
    public async Task<IReadOnlySet<(string Digest, int Ordinal)>> SightingsAsync() =>
        (
            await ReadAsync(
                async store =>
                    await store
                        .ExportAsync(Token)
                        .SelectMany(paper => paper.Sightings.Select(seen => (seen.Digest, seen.Ordinal)))
                        .ToListAsync(Token),
                []
            )
        ).ToHashSet();

    /// <summary>Asks the index in this process; <paramref name="otherwise"/> where nothing was written yet.</summary>
    public async Task<T> ReadAsync<T>(Func<IPaperStore, Task<T>> ask, T otherwise)
    {
        var settings = PipelineSettings.Read(name => Program.Settings.GetValueOrDefault("PAPERPIPELINE_" + name));
        await using var store = await PaperStores.OpenAsync(settings, write: false, Token);
        return store is null ? otherwise : await ask(store);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        await Host.ReleaseAsync();
        Program.Dispose();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
