using System.Diagnostics;
using System.Globalization;

namespace PaperPipeline.Benchmarks;

/// <summary>
/// The four workers over RabbitMQ beside the raw limits of broker and search server, and beside another program for the
/// same job, in turn on the same warm servers.
/// </summary>
internal sealed class WorkersBenchmark(Uri bus, Uri server)
{
    private const int PerChunk = 50;

    /// <summary>Folders of published programs, or the <c>src</c> folders of builds.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Papers in each pass.</summary>
    public required int Papers { get; init; }

    /// <summary>Papers in each digest.</summary>
    public required int PerDigest { get; init; }

    /// <summary>Passes through the same workers; the first half warms them up.</summary>
    public required int Passes { get; init; }

    /// <summary>Whether two passes follow in each turn: one alone, and one while all that came before is replayed.</summary>
    public required bool Replay { get; init; }

    /// <summary>Further processes whose processor time is told, such as broker and search server.</summary>
    public required IReadOnlyList<Process> Watched { get; init; }

    /// <summary>The folder of the peer, if any.</summary>
    public string? Peer { get; init; }

    public async Task RunAsync(Input input, int repeat)
    {
        using var folder = new TemporaryFolder();
        var digests = input
            .Papers(Papers * (Replay ? Passes + 2 : Passes))
            .Chunk(Papers)
            .Select((papers, pass) => Write(folder.Below(Figures.Count(pass)), papers))
            .ToList();
        var observations = Observations.Of(digests[0]);
        var (messages, bulks) = (Broker.Bodies(observations, PerChunk), RawBulk.Bodies(observations));
        await using var broker = await Broker.ConnectAsync(bus);
        var rates = Sources.Select(_ => new List<double>()).ToList();
        var toPeer = Sources.Select(_ => new List<double>()).ToList();
        var raw = new List<double>();
        for (var turn = 1; turn <= repeat; turn++)
        {
            Console.WriteLine($"turn {turn}:");
            // The order changes, so that none is always first.
            foreach (var build in Enumerable.Range(0, Sources.Count).OrderBy(n => turn % 2 == 0 ? -n : n))
            {
                var data = folder.Below($"data-{turn}-{build}");
                rates[build].Add(await WorkersAsync(build, data, broker, digests, toPeer[build]));
            }
            raw.Add(await RawAsync(broker, messages, bulks));
        }
        Console.WriteLine($"medians of {repeat}:");
        for (var build = 0; build < Sources.Count; build++)
        {
            Console.Write($"  {Sources[build]}: {Figures.Count(Figures.Median(rates[build]))} papers/s");
            Console.Write($"; of raw bulks {Ratio(rates[build], raw)}");
            if (toPeer[build].Count > 0)
                Console.Write(
                    $"; of the peer {Figures.Ratio(Figures.Median(toPeer[build]))} ({string.Join(' ', toPeer[build].Order().Select(Figures.Ratio))})"
                );
            if (build > 0)
                Console.Write($"; of the first build {Ratio(rates[build], rates[0])}");
            Console.WriteLine();
        }
    }

    // Data stay until the end: a file system that skips inodes deleted lately would make each new file search for one.
    // The peer runs between the passes that count, so that both see the machine as fast as it is at the moment.
    private async Task<double> WorkersAsync(
        int build,
        string data,
        Broker broker,
        List<string> digests,
        List<double> toPeer
    )
    {
        var prefix = Stores.NewPrefix();
        using var index = new RawBulk(server, prefix);
        await using var run = await WorkersRun.StartAsync(Sources[build], data, broker, index, bus, server, prefix);
        var rates = new List<double>();
        foreach (var (digest, number) in digests.Take(Passes).Select((d, n) => (d, n)))
        {
            // As the peer's: what earlier passes have written would be merged meanwhile.
            if (number > 0)
                await run.EmptyIndexAsync();
            var pass = await run.MeasureAsync(digest, Papers, Watched);
            Console.WriteLine(
                $"  build {build + 1}, pass {number + 1}: {Figures.Rate(Papers, pass.Elapsed)}; {Details(pass)}"
            );
            if (number < Passes / 2)
                continue;
            rates.Add(Papers / pass.Elapsed.TotalSeconds);
            if (Peer is null)
                continue;
            var peer = await PeerRun.MeasureAsync(Peer, bus, server, digest, Papers);
            toPeer.Add(rates[^1] / peer);
            Console.WriteLine($"  peer: {Figures.Count(peer)} papers/s");
        }
        if (Replay)
        {
            var alone = await run.MeasureAsync(digests[Passes], Papers, Watched);
            var beside = await run.MeasureBesideReplayAsync(digests[Passes + 1], Papers, Watched);
            Console.WriteLine(
                $"  build {build + 1}, alone: {Figures.Rate(Papers, alone.Elapsed)}; beside a replay: {(beside is null ? "it ended too early" : Figures.Rate(Papers, beside.Elapsed))}; ratio {(beside is null ? "-" : Figures.Ratio(alone.Elapsed / beside.Elapsed))}"
            );
        }
        return Figures.Median(rates);
    }

    private async Task<double> RawAsync(Broker broker, List<byte[]> messages, List<byte[]> bulks)
    {
        var (publish, consume) = await broker.RawAsync(messages);
        var prefix = Stores.NewPrefix();
        using var raw = new RawBulk(server, prefix);
        try
        {
            // It makes the template.
            await using var store = await Stores.OpenAsync(server, prefix);
            var index = await raw.MakeIndexAsync();
            var before = Cpu();
            var bulk = await raw.SendAsync(index, bulks);
            var used = Cpu().Zip(before).Select(pair => pair.First - pair.Second);
            Console.WriteLine(
                $"  raw publish {Figures.Rate(Papers, publish)}; consume {Figures.Rate(Papers, consume)} ({messages.Average(m => m.Length) / 1024:0} KiB a message); bulk {Figures.Rate(Papers, bulk)}{Times("; CPU s of the bulks: ", used, Watched.Select(p => p.ProcessName))}"
            );
            return Papers / bulk.TotalSeconds;
        }
        finally
        {
            await raw.DeleteAsync();
        }
    }

    private string Details(Pass pass)
    {
        var cpu = Times("CPU s: ", pass.Cpu, [.. WorkerProcess.Stages, .. Watched.Select(p => p.ProcessName)]);
        return $"{cpu}; peak MB: {string.Join(" / ", pass.PeakMemory.Select(m => $"{m / 1e6:0}"))}";
    }

    private static string Times(string what, IEnumerable<TimeSpan> times, IEnumerable<string> names)
    {
        var told = times.Zip(
            names,
            (time, name) => string.Create(CultureInfo.InvariantCulture, $"{name} {time.TotalSeconds:0.00}")
        );
        return string.Join(", ", told) is { Length: > 0 } some ? what + some : "";
    }

    private List<TimeSpan> Cpu()
    {
        foreach (var process in Watched)
            process.Refresh();
        return [.. Watched.Select(p => p.TotalProcessorTime)];
    }

    private static string Ratio(List<double> rates, List<double> others) =>
        Figures.Ratio(Figures.Median(rates.Zip(others, (rate, other) => rate / other)));

    private string Write(string folder, IEnumerable<Paper> papers)
    {
        Digests.Write(folder, papers, PerDigest);
        return folder;
    }
}
