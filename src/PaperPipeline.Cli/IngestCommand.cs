using System.CommandLine;
using System.Globalization;
using PaperPipeline.Fetcher;

namespace PaperPipeline.Cli;

/// <summary><c>ingest PATH…</c>: archives digests and waits until all their papers are settled.</summary>
internal static class IngestCommand
{
    private static readonly Argument<string[]> Paths = new("PATH")
    {
        Description = "Files, directories, globs, http(s) addresses, or - for standard input",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<DateOnly?> Day = new("--day")
    {
        Description = "The day that the digests belong to (YYYY-MM-DD), instead of what they say",
        CustomParser = result =>
        {
            if (
                DateOnly.TryParseExact(
                    result.Tokens[0].Value,
                    "yyyy-MM-dd",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out var day
                )
            )
                return day;
            result.AddError($"--day is '{result.Tokens[0].Value}': it must be a day such as 2025-05-22.");
            return null;
        },
    };

    private static readonly Option<double> Timeout = new("--timeout")
    {
        Description = "End with exit code 1 when nothing moves for this many seconds",
        DefaultValueFactory = _ => 600,
    };

    private static readonly Option<bool> NoWait = new("--no-wait")
    {
        Description = "With a broker: end as soon as it has everything, and let the workers go on",
    };

    public static Command Create()
    {
        Timeout.Require(seconds => seconds is > 0 and < 1e6, "--timeout must be a number of seconds above 0.");
        var command = new Command(
            "ingest",
            """
            Archive digests and index their papers; ends when each paper is searchable or a dead letter. With a broker
            (--bus) the workers do the work: this gives it to them, and follows the index.

            Examples:
              paperpipeline ingest digest.txt
              paperpipeline ingest digests/ 'more/*.txt' https://example.org/digest.txt
              pbpaste | paperpipeline ingest - --day 2025-05-22
            """
        )
        {
            Paths,
            Day,
            Timeout,
            NoWait,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = GlobalOptions.Settings(parsed);
        var json = parsed.GetValue(GlobalOptions.Json);
        var sources = parsed.GetValue(Paths)!.SelectMany(InputPaths.Expand).Distinct(StringComparer.Ordinal).ToList();
        var (day, timeout) = (parsed.GetValue(Day), TimeSpan.FromSeconds(parsed.GetValue(Timeout)));
        if (parsed.GetValue(NoWait))
        {
            if (settings.Bus is null)
                throw new UsageException("--no-wait needs a broker: give --bus, or leave it out.");
            await using var workers = await Workers.ConnectAsync(settings, follow: false, cancellationToken);
            var given = await RunAsync(
                workers,
                run => run.HandOverAsync(sources, day, cancellationToken),
                "handed over"
            );
            return await IngestReport.WriteAsync(given, json);
        }
        IngestOutcome outcome;
        await using (var stages = await Stages.StartAsync(settings, cancellationToken))
            outcome = await RunAsync(stages, run => run.RunAsync(sources, day, cancellationToken));
        return await IngestReport.WriteAsync(outcome, json);

        Task<T> RunAsync<T>(IStages stages, Func<IngestRun, Task<T>> work, string done = "settled") =>
            Progress.RunAsync(
                sources.Count,
                show => work(new IngestRun(stages, new LedgerFollower(stages, timeout, show))),
                done
            );
    }
}
