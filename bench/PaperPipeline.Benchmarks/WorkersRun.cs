using System.Diagnostics;

namespace PaperPipeline.Benchmarks;

/// <summary>The four workers of one build, started afresh; passes of new papers go through them one after the other.</summary>
internal sealed class WorkersRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly string data;
    private readonly Broker broker;
    private readonly RawBulk index;
    private readonly Uri server;
    private readonly string prefix;
    private readonly string source;
    private readonly Dictionary<string, string> settings;
    private readonly List<WorkerProcess> workers = [];
    private int counted;

    private WorkersRun(string source, string data, Broker broker, RawBulk index, Uri bus, Uri server, string prefix)
    {
        (this.source, this.data, this.broker) = (source, data, broker);
        (this.index, this.server, this.prefix) = (index, server, prefix);
        settings = new(StringComparer.Ordinal)
        {
            ["DATA_DIR"] = data,
            ["BUS"] = bus.ToString(),
            ["INDEX"] = server.ToString(),
            ["INDEX_PREFIX"] = prefix,
        };
    }

    /// <summary>Starts them, and waits until they consume.</summary>
    public static async Task<WorkersRun> StartAsync(
        string source,
        string data,
        Broker broker,
        RawBulk index,
        Uri bus,
        Uri server,
        string prefix
    )
    {
        var run = new WorkersRun(source, data, broker, index, bus, server, prefix);
        try
        {
            run.workers.AddRange(
                WorkerProcess.Stages.Select(stage => WorkerProcess.Start(source, stage, run.settings))
            );
            await broker.WaitForConsumersAsync(run.Check);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts empty indices in the place of those that were written, for workers that are idle.</summary>
    public async Task EmptyIndexAsync()
    {
        await index.DeleteIndicesAsync();
        await using var made = await Stores.OpenAsync(server, prefix);
        counted = 0;
    }

    /// <summary>
    /// Sends digests through: from the moment the first is asked for until all papers are counted in the index.
    /// </summary>
    public async Task<Pass> MeasureAsync(string digests, int papers, IReadOnlyList<Process> watched)
    {
        var before = Cpu(watched);
        var files = Directory.EnumerateFiles(digests).Order(StringComparer.Ordinal).ToList();
        var expected = counted + papers;
        // The store also writes a note of each digest.
        var writes = expected + files.Count;
        var started = Stopwatch.GetTimestamp();
        await broker.AskForAsync(files);
        // Cheap to ask until all writes have happened; then refresh and count, which is what decides.
        while (await index.WritesAsync(prefix) < writes || await index.CountAsync(prefix) < expected)
        {
            Check();
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new TimeoutException($"{await index.CountAsync(prefix)} of {expected} papers are in the index.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        var time = Stopwatch.GetElapsedTime(started);
        counted = expected;
        var used = Cpu(watched).Zip(before).Select(pair => pair.First - pair.Second).ToList();
        await broker.WaitUntilEmptyAsync(Check);
        // What was taken last is settled in a moment.
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        return new Pass(time, used, [.. workers.Select(w => w.PeakMemory)]);
    }

    /// <summary>
    /// The same, while all that was archived before is replayed beside it; null where the replay had ended before.
    /// </summary>
    public async Task<Pass?> MeasureBesideReplayAsync(string digests, int papers, IReadOnlyList<Process> watched)
    {
        await using var replay = WorkerProcess.StartProgram(source, ["replay", "--all", "--again"], settings);
        // What it has done it writes down.
        var journals = Path.Combine(data, "replays");
        while (!Directory.Exists(journals) || Directory.EnumerateFiles(journals).All(f => new FileInfo(f).Length == 0))
        {
            replay.ThrowIfEnded();
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        var pass = await MeasureAsync(digests, papers, watched);
        return replay.HasEnded ? null : pass;
    }

    /// <summary>Stops them and takes off what they made.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(workers.Select(w => w.DisposeAsync().AsTask()));
        await broker.CleanAsync();
        await index.DeleteAsync();
    }

    private List<TimeSpan> Cpu(IReadOnlyList<Process> watched) =>
        [
            .. workers.Select(w => w.Cpu),
            .. watched.Select(p =>
            {
                p.Refresh();
                return p.TotalProcessorTime;
            }),
        ];

    private void Check() => workers.ForEach(w => w.ThrowIfEnded());
}

/// <summary>What a pass took.</summary>
/// <param name="Elapsed">Time.</param>
/// <param name="Cpu">Processor time of each worker, then of each watched process.</param>
/// <param name="PeakMemory">Greatest resident memory of each worker since its start, in bytes.</param>
internal sealed record Pass(TimeSpan Elapsed, IReadOnlyList<TimeSpan> Cpu, IReadOnlyList<long> PeakMemory);
