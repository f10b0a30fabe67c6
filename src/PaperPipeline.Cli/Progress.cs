using System.Diagnostics;
using Spectre.Console;

namespace PaperPipeline.Cli;

/// <summary>Reports how many digests are settled, how many were begun, and what they wait for, if anything.</summary>
internal delegate void ProgressReport(int settled, int begun, string? trouble);

/// <summary>Progress on standard error: a bar on a terminal, a line every few seconds elsewhere.</summary>
internal static class Progress
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Runs the work, which reports how many digests are settled and how many it has begun.</summary>
    /// <param name="sources">The number of sources named; more digests may be behind them.</param>
    /// <param name="work">The work.</param>
    /// <param name="done">What a digest is when it is done.</param>
    public static Task<T> RunAsync<T>(int sources, Func<ProgressReport, Task<T>> work, string done = "settled") =>
        Console.IsErrorRedirected ? work(Lines(sources, done)) : BarAsync(sources, work);

    private static ProgressReport Lines(int sources, string done)
    {
        var shownAt = Stopwatch.GetTimestamp();
        return (settled, begun, trouble) =>
        {
            if (Stopwatch.GetElapsedTime(shownAt) <= Interval)
                return;
            shownAt = Stopwatch.GetTimestamp();
            Console.Error.WriteLine($"{settled} of {Math.Max(sources, begun)} digests {done}{Waiting(trouble)}");
        };
    }

    private static Task<T> BarAsync<T>(int sources, Func<ProgressReport, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console
            .Progress()
            .AutoClear(true)
            .Columns(
                new SpinnerColumn(),
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(context =>
            {
                var task = context.AddTask("digests", maxValue: Math.Max(1, sources));
                return work(
                    (settled, begun, trouble) =>
                    {
                        task.MaxValue = Math.Max(1, Math.Max(sources, begun));
                        task.Value = settled;
                        task.Description = Markup.Escape($"{settled} of {task.MaxValue:0} digests{Waiting(trouble)}");
                    }
                );
            });
    }

    private static string Waiting(string? trouble) => trouble is null ? "" : $"; waiting: {trouble}";
}
