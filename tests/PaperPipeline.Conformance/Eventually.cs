using System.Diagnostics;

namespace PaperPipeline.IntegrationTests.Support;

/// <summary>Waits for what another process or thread brings about: looks again and again until a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(240);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(400);

    public static Task HoldsAsync(Func<bool> condition, string what) =>
        HoldsAsync(() => Task.FromResult(condition()), what);

    public static Task HoldsAsync(Func<bool> condition, Func<string> what) =>
        HoldsAsync(() => Task.FromResult(condition()), what);

    public static Task HoldsAsync(Func<Task<bool>> condition, string what) => HoldsAsync(condition, () => what);

    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            var waited = Stopwatch.GetElapsedTime(began);
            if (waited > Deadline)
                Assert.Fail($"Not within {Deadline.TotalSeconds:0} s: {what()}");
            await Task.Delay(PauseAfter(waited), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    // What is waited for needs the processor that each look takes.
    private static TimeSpan PauseAfter(TimeSpan waited) =>
        waited / 10 is var part && part < ShortestPause ? ShortestPause
        : part > LongestPause ? LongestPause
        : part;
}
