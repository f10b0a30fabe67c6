using System.CommandLine;
using PaperPipeline.Storage.Index;
using Spectre.Console;

namespace PaperPipeline.Cli;

/// <summary><c>status</c>: the ledger, a line for each digest.</summary>
internal static class StatusCommand
{
    private const int WideEnough = 400;

    public static Command Create()
    {
        var command = new Command("status", "Show what became of each digest.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var store = await Stores.OpenForReadingAsync(GlobalOptions.Settings(parsed), cancellationToken);
        var digests = store is null ? [] : await store.ListAsync(cancellationToken);
        if (parsed.GetValue(GlobalOptions.Json))
            foreach (var digest in digests)
                Console.Out.WriteLine(PaperJson.Write(digest));
        else if (digests.Count > 0)
        {
            // A file or a pipe has no width to wrap at.
            if (Console.IsOutputRedirected)
                AnsiConsole.Profile.Width = WideEnough;
            AnsiConsole.Write(Table(digests));
        }
        return ExitCode.Done;
    }

    private static Table Table(IReadOnlyList<DigestStatus> digests)
    {
        var table = new Table().AddColumns(
            "Digest",
            "Name",
            "Shape",
            "Day",
            "State",
            "Papers",
            "Indexed",
            "Dead letters"
        );
        foreach (var d in digests)
            table.AddRow(
                d.Digest[..12],
                Markup.Escape(d.Name ?? ""),
                Markup.Escape(d.Shape ?? ""),
                d.Day is { } day ? $"{day:yyyy-MM-dd}" : "",
                d.State,
                $"{d.Papers}",
                $"{d.Indexed}",
                $"{d.Dead}"
            );
        return table;
    }
}
