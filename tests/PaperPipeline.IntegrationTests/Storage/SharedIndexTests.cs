using System.Diagnostics;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>Programs that share one index: the index says the same as one program with an index file of its own.</summary>
public sealed class SharedIndexTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly HttpClient Client = new();

    private readonly SearchServer _server = new();
    private readonly TestProgram _alone = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        SearchServer.Require();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _alone.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Two_programs_that_are_killed_at_random_give_the_documents_of_one(int run)
    {
        const int Papers = 24;
        var random = new Random(Seeds.New(output).Next() ^ run);
        var digests = Digests.WriteMany(Path.Combine(_alone.Folder, "digests"), 30, Papers);
        // Bulks of papers go through one by one, so that neither program is done before it is killed.
        using var gate = new SemaphoreSlim(0);
        await using var front = await FaultyServer.StartAsync(
            SearchServer.Url!,
            path =>
                !path.Contains("papers-write/_bulk", StringComparison.Ordinal) || gate.Wait(TimeSpan.FromSeconds(2))
                    ? Fault.None
                    : Fault.Unavailable
        );
        using var first = Sharing(front.Address);
        using var second = Sharing(front.Address);
        string[] files = [.. Directory.GetFiles(digests).Order(StringComparer.Ordinal)];
        // Both begin with what they share.
        string[] ofFirst = ["ingest", .. files[10..20], .. files[..10]];
        string[] ofSecond = ["ingest", .. files[10..]];

        var (killed, found) = (0, new List<int> { 0 });
        for (var kill = 0; kill < 3; kill++)
        {
            var target = Math.Min(files.Length * (Papers - 1), found[^1] + random.Next(1, 200));
            await using var one = first.Start(ofFirst);
            await using var two = second.Start(ofSecond);
            await Eventually.HoldsAsync(
                async () =>
                {
                    if (gate.CurrentCount == 0)
                        gate.Release();
                    return await CountAsync() >= target || (one.HasEnded && two.HasEnded);
                },
                () => $"{target} papers are there. {one.Error}{two.Error}"
            );
            foreach (var running in random.Next(2) == 0 ? (RunningProgram[])[one, two] : [two, one])
            {
                await running.SignalAsync("KILL");
                killed += (await running.EndAsync()).Code == 137 ? 1 : 0;
            }
            found.Add(await CountAsync());
        }
        output.WriteLine(string.Join(", ", found) + " papers at the kills");
        // Else nobody was killed at work.
        Assert.True(killed >= 2, $"only {killed} of 6 were killed");
        Assert.Contains(found, count => count is > 0 && count < files.Length * (Papers - 1));
        gate.Release(100_000);
        var runs = await Task.WhenAll(first.RunAsync(ofFirst), second.RunAsync(ofSecond));
        var alone = await _alone.RunAsync("ingest", digests);

        Assert.All(
            runs,
            run =>
                Assert.Equal(
                    (0, $"20 digests, {20 * Papers} papers: {20 * Papers} indexed, 0 dead letters"),
                    (run.Code, run.LastLine)
                )
        );
        Assert.Equal(0, alone.Code);
        Assert.Equal(
            Digests.Timeless((await _alone.ExportAsync()).Out),
            Digests.Timeless((await second.ExportAsync()).Out)
        );
    }

    [Fact]
    public async Task An_outage_longer_than_all_retries_loses_no_paper()
    {
        // The bus tries a message again for a few seconds; this lasts longer than all of that.
        var outage = TimeSpan.FromSeconds(20);
        var (began, refused) = (0L, 0);
        await using var front = await FaultyServer.StartAsync(
            SearchServer.Url!,
            path =>
            {
                if (!path.Contains("_bulk", StringComparison.Ordinal) && Volatile.Read(ref began) == 0)
                    return Fault.None;
                Interlocked.CompareExchange(ref began, Stopwatch.GetTimestamp(), 0);
                if (Stopwatch.GetElapsedTime(Volatile.Read(ref began)) > outage)
                    return Fault.None;
                return Interlocked.Increment(ref refused) % 2 == 0 ? Fault.ResetBefore : Fault.Unavailable;
            }
        );
        var digests = Digests.WriteMany(Path.Combine(_alone.Folder, "digests"), 10, 40);
        using var program = Sharing(front.Address);

        var run = await program.RunAsync("ingest", digests);

        Assert.True(refused > 3, $"only {refused} requests refused");
        Assert.Equal((0, "10 digests, 400 papers: 400 indexed, 0 dead letters"), (run.Code, run.LastLine));
        Assert.Equal(0, (await _alone.RunAsync("ingest", digests)).Code);
        Assert.Equal(
            Digests.Timeless((await _alone.ExportAsync()).Out),
            Digests.Timeless((await program.ExportAsync()).Out)
        );
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.99)]
    public async Task Indices_that_are_deleted_in_the_middle_of_an_ingest_come_back_whole(double part)
    {
        const int papers = 20 * 39 + 1;
        var digests = Digests.WriteMany(Path.Combine(_alone.Folder, "digests"), 20, 40);
        using var program = Sharing(SearchServer.Url!);

        await using var running = program.Start("ingest", digests);
        await Eventually.HoldsAsync(async () => await CountAsync() >= papers * part, "papers are written");
        Assert.False(running.HasEnded);
        await _server.AskAsync(HttpMethod.Delete, "*", null);
        var run = await running.EndAsync();

        Assert.Equal((0, "20 digests, 800 papers: 800 indexed, 0 dead letters"), (run.Code, run.LastLine));
        Assert.Equal(0, (await _alone.RunAsync("ingest", digests)).Code);
        Assert.Equal(
            Digests.Timeless((await _alone.ExportAsync()).Out),
            Digests.Timeless((await program.ExportAsync()).Out)
        );
    }

    private TestProgram Sharing(Uri server) =>
        new()
        {
            Variables =
            {
                ["PAPERPIPELINE_INDEX"] = server.ToString(),
                ["PAPERPIPELINE_INDEX_PREFIX"] = _server.Prefix,
            },
        };

    private async Task<int> CountAsync()
    {
        using var refreshed = await Client.PostAsync(
            new Uri(SearchServer.Url!, _server.Prefix + "papers-write/_refresh"),
            null,
            Token
        );
        using var answer = await Client.GetAsync(new Uri(SearchServer.Url!, _server.Prefix + "papers/_count"), Token);
        if (!answer.IsSuccessStatusCode)
            return 0;
        using var body = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Token));
        return body.RootElement.GetProperty("count").GetInt32();
    }
}
