using System.Diagnostics;

namespace PaperPipeline.Conformance;

/// <summary>Waits for what another process or thread brings about: looks again and again until a deadline.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(240);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(400);

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, Func{string}, TimeSpan?)"/>
    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        HoldsAsync(() => Task.FromResult(condition()), () => what, within);

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, Func{string}, TimeSpan?)"/>
    public static Task HoldsAsync(Func<bool> condition, Func<string> what, TimeSpan? within = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, within);

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, Func{string}, TimeSpan?)"/>
    public static Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null) =>
        HoldsAsync(condition, () => what, within);

    /// <summary>Returns when the condition holds; fails the test when it does not in time.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="what">Says what it is, where it did not come about.</param>
    /// <param name="within">How long it may take; 240 s by default.</param>
    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> what, TimeSpan? within = null)
    {
        var deadline = within ?? Deadline;
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            var waited = Stopwatch.GetElapsedTime(began);
            if (waited > deadline)
                Assert.Fail($"Not within {deadline.TotalSeconds:0} s: {what()}");
            await Task.Delay(PauseAfter(waited), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    // What is waited for needs the processor that each look takes.
    private static TimeSpan PauseAfter(TimeSpan waited) =>
        new(Math.Clamp(waited.Ticks / 10, ShortestPause.Ticks, LongestPause.Ticks));
}
