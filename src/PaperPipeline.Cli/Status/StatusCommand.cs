using System.CommandLine;
using System.Diagnostics;
using PaperPipeline.Storage.Index;
using Spectre.Console;

namespace PaperPipeline.Cli.Status;

/// <summary><c>status</c>: the ledger, a line for each digest; then what needs a person, and what to do.</summary>
internal static class StatusCommand
{
    /// <summary>How long a look may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    // A program reads what became of each digest, and is better served late than with nothing.
    private static readonly TimeSpan ForPrograms = TimeSpan.FromSeconds(30);

    // From the start of the program, so that with its end the answer is there within five seconds; and at least so long.
    private static readonly TimeSpan InAll = TimeSpan.FromSeconds(4.5);
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(2);

    private const int WideEnough = 400;

    private static readonly Option<bool> Watch = new("--watch")
    {
        Description =
            "Look again and again, until Ctrl-C: a live table, or a line for each look where output is redirected or the terminal is a dumb one",
    };
    private static readonly Option<double> Interval = new("--interval")
    {
        Description = "Seconds between two looks of --watch",
        DefaultValueFactory = _ => 2,
    };
    private static readonly Option<double?> Since = new("--since")
    {
        Description = "Days: older dead letters are known, and need nobody",
    };

    public static Command Create()
    {
        Interval.Require(
            seconds => seconds is >= 0.1 and <= 86400,
            "--interval must be a number of seconds from 0.1 to 86400."
        );
        Since.Require(days => days is > 0 and <= 36500, "--since must be a number of days above 0, up to 36500.");
        var command = new Command(
            "status",
            "Show what became of each digest, what is wrong and what to do; exit code 3 when something needs a person."
        )
        {
            Watch,
            Interval,
            Since,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (json, watch) = (parsed.GetValue(GlobalOptions.Json), parsed.GetValue(Watch));
        if (json && watch)
            throw new UsageException("--watch shows tables and lines: for programs use `status --json`.");
        var settings = GlobalOptions.Settings(parsed);
        if (settings.Index is null)
            Stores.RequireDirectory(settings.DataDir);
        var since = parsed.GetValue(Since) is { } days ? TimeSpan.FromDays(days) : (TimeSpan?)null;
        await using var reader = new OverviewReader(settings);
        if (watch)
        {
            await StatusWatch.RunAsync(
                reader,
                TimeSpan.FromSeconds(parsed.GetValue(Interval)),
                since,
                cancellationToken
            );
            return ExitCode.Done;
        }
        var seen = await reader.ReadAsync(json ? ForPrograms : Left(), cancellationToken);
        var findings = Findings.Of(seen, seen.At - since);
        if (seen is { IsEmpty: true, IndexTrouble: null })
            await Stores.NoteEmptyAsync(settings);
        if (json)
            Write(seen.Digests);
        else
            Show(seen.Digests);
        await WriteAsync(findings, json ? Console.Error : Console.Out);
        return findings.Count == 0 ? ExitCode.Done : ExitCode.DeadLetters;
    }

    private static TimeSpan Left()
    {
        using var process = Process.GetCurrentProcess();
        var left = InAll - (TimeProvider.System.GetUtcNow() - new DateTimeOffset(process.StartTime.ToUniversalTime()));
        return left < Least ? Least
            : left > Patience ? Patience
            : left;
    }

    private static void Write(IReadOnlyList<DigestStatus> digests)
    {
        foreach (var digest in digests)
            Console.Out.WriteLine(PaperJson.Write(digest));
    }

    private static void Show(IReadOnlyList<DigestStatus> digests)
    {
        if (digests.Count == 0)
            return;
        // A file or a pipe has no width to wrap at.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = WideEnough;
        AnsiConsole.Write(StatusTables.Digests(digests, AnsiConsole.Profile.Width));
    }

    private static async Task WriteAsync(IReadOnlyList<Finding> findings, TextWriter writer)
    {
        if (findings.Count == 0 && writer == Console.Out)
            await writer.WriteLineAsync("Nothing needs a person.");
        foreach (var finding in findings)
            await writer.WriteLineAsync(finding.ToString());
    }
}
