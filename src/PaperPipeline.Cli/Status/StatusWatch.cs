using Spectre.Console;

namespace PaperPipeline.Cli.Status;

/// <summary><c>status --watch</c>: looks again and again; a live table on a terminal, a line for each look elsewhere.</summary>
internal static class StatusWatch
{
    public static async Task RunAsync(
        OverviewReader reader,
        TimeSpan interval,
        TimeSpan? since,
        CancellationToken cancellationToken
    )
    {
        try
        {
            // A terminal that cannot go back would get table after table.
            if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi)
                await LookAsync(reader, interval, since, Write, cancellationToken);
            else
                await AnsiConsole
                    .Live(new Text("Looks at broker and index …"))
                    .Overflow(VerticalOverflow.Ellipsis)
                    .Cropping(VerticalOverflowCropping.Bottom)
                    .StartAsync(live =>
                        LookAsync(
                            reader,
                            interval,
                            since,
                            (seen, rates, findings) =>
                                live.UpdateTarget(StatusTables.Whole(seen, rates, findings, AnsiConsole.Profile.Width)),
                            cancellationToken
                        )
                    );
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { }
    }

    private static IReadOnlyList<Finding> told = [];

    // What needs a person is said when it changes.
    private static void Write(Overview seen, Rates rates, IReadOnlyList<Finding> findings)
    {
        Console.Out.WriteLine(StatusTables.Line(seen, rates, findings));
        foreach (var finding in findings.Except(told))
            Console.Out.WriteLine(finding);
        told = findings;
        Console.Out.Flush();
    }

    private static async Task LookAsync(
        OverviewReader reader,
        TimeSpan interval,
        TimeSpan? since,
        Action<Overview, Rates, IReadOnlyList<Finding>> show,
        CancellationToken cancellationToken
    )
    {
        for (Overview? before = null; ; )
        {
            var seen = await reader.ReadAsync(StatusCommand.Patience, cancellationToken);
            show(seen, Rates.Between(before, seen), Findings.Of(seen, seen.At - since));
            before = seen;
            await Task.Delay(interval, TimeProvider.System, cancellationToken);
        }
    }
}
