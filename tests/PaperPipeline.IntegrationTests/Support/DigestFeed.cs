using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Support;

/// <summary>
/// Keeps papers flowing through all stages for as long as a test wants: asks for one more digest whenever few are under way.
/// </summary>
internal sealed class DigestFeed(TestPipeline pipeline, int papersEach)
{
    private const int UnderWay = 16;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The folder of the digests fed so far.</summary>
    public string Folder { get; } = Path.Combine(pipeline.Program.Folder, "fed");

    /// <summary>Number of digests fed so far.</summary>
    public int Count { get; private set; }

    /// <summary>Number of digests that are settled.</summary>
    public int Settled { get; private set; }

    /// <summary>Feeds until the test's own work is done; gives what that gave.</summary>
    public async Task WhileAsync(Func<Task> work)
    {
        Directory.CreateDirectory(Folder);
        var done = Task.Run(work);
        while (!done.IsCompleted)
        {
            Settled = await pipeline.SettledNowAsync();
            while (Count < Settled + UnderWay && await TryFeedAsync()) { }
            await Task.WhenAny(done, Task.Delay(Pause));
        }
        await done;
        // One that was asked for without an answer may be under way.
        await Eventually.HoldsAsync(
            async () => !File.Exists(PathOf(Count)) || await TryFeedAsync(),
            "the last digest is asked for"
        );
    }

    /// <summary>Waits until so many more digests are settled than now.</summary>
    public Task ProgressAsync(int digests)
    {
        var goal = Settled + digests;
        return Eventually.HoldsAsync(() => Settled >= goal, () => $"{goal} digests are settled; {Settled} of {Count}");
    }

    private string PathOf(int n) => Path.Combine(Folder, $"digest-{n:0000}.txt");

    // A broker that is away is asked again.
    private async Task<bool> TryFeedAsync()
    {
        var path = PathOf(Count);
        await File.WriteAllTextAsync(path, Digests.Chained(Count, papersEach));
        try
        {
            await using var messages = await RawMessages.OpenAsync(pipeline.Host);
            await messages.PublishAsync("FetchSource", new { address = path });
            Count++;
            return true;
        }
        catch (Exception failure) when (failure is RabbitMQ.Client.Exceptions.RabbitMQClientException or IOException)
        {
            return false;
        }
    }
}
