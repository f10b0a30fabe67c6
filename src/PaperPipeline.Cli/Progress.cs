using System.Diagnostics;
using Spectre.Console;

namespace PaperPipeline.Cli;

/// <summary>Progress on standard error: a bar on a terminal, a line every few seconds elsewhere.</summary>
internal static class Progress
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Runs the work, which reports how many digests are settled and how many it has begun.</summary>
    /// <param name="sources">The number of sources named; more digests may be behind them.</param>
    /// <param name="work">The work.</param>
    public static Task<T> RunAsync<T>(int sources, Func<Action<int, int>, Task<T>> work) =>
        Console.IsErrorRedirected ? work(Lines(sources)) : BarAsync(sources, work);

    private static Action<int, int> Lines(int sources)
    {
        var shownAt = Stopwatch.GetTimestamp();
        return (settled, begun) =>
        {
            if (Stopwatch.GetElapsedTime(shownAt) <= Interval)
                return;
            shownAt = Stopwatch.GetTimestamp();
            Console.Error.WriteLine($"{settled} of {Math.Max(sources, begun)} digests settled");
        };
    }

    private static Task<T> BarAsync<T>(int sources, Func<Action<int, int>, Task<T>> work)
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
                    (settled, begun) =>
                    {
                        task.MaxValue = Math.Max(1, Math.Max(sources, begun));
                        task.Value = settled;
                        task.Description = $"{settled} of {task.MaxValue:0} digests";
                    }
                );
            });
    }
}
