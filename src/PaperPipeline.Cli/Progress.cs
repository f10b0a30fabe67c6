using System.Diagnostics;

namespace PaperPipeline.Cli;

/// <summary>Progress on standard error: one line that changes on a terminal, a line every few seconds elsewhere.</summary>
internal sealed class Progress(int sources)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly bool terminal = !Console.IsErrorRedirected;
    private long shownAt = Stopwatch.GetTimestamp();
    private bool shown;

    /// <summary>Shows how many digests are settled.</summary>
    public void Show(int settled, int begun)
    {
        if (terminal)
        {
            const int width = 30;
            var filled = sources == 0 ? width : width * settled / Math.Max(sources, begun);
            Console.Error.Write(
                $"\r[{new string('#', filled)}{new string('.', width - filled)}] {settled} of {sources} digests"
            );
            shown = true;
        }
        else if (Stopwatch.GetElapsedTime(shownAt) > Interval)
        {
            shownAt = Stopwatch.GetTimestamp();
            Console.Error.WriteLine($"{settled} of {sources} digests settled");
        }
    }

    /// <summary>Takes the changing line away.</summary>
    public void Clear()
    {
        if (shown)
            Console.Error.Write("\r" + new string(' ', 70) + "\r");
    }
}
