using System.CommandLine;
using System.Globalization;
using PaperPipeline.Fetcher;
using PaperPipeline.Storage.Index;

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

    public static Command Create()
    {
        Timeout.Validators.Add(result =>
        {
            if (
                result.Tokens.Count > 0
                && result.Errors.Any() is false
                && result.GetValueOrDefault<double>() is not (> 0 and < 1e6)
            )
                result.AddError("--timeout must be a number of seconds above 0.");
        });
        var command = new Command(
            "ingest",
            """
            Archive digests and index their papers; ends when each paper is searchable or a dead letter.

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
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = GlobalOptions.Settings(parsed);
        var json = parsed.GetValue(GlobalOptions.Json);
        var sources = parsed.GetValue(Paths)!.SelectMany(InputPaths.Expand).Distinct(StringComparer.Ordinal).ToList();
        IngestOutcome outcome;
        await using (var pipeline = await Standalone.StartAsync(settings, watch: false, cancellationToken))
        {
            var timeout = TimeSpan.FromSeconds(parsed.GetValue(Timeout));
            outcome = await Progress.RunAsync(
                sources.Count,
                show =>
                    new IngestRun(pipeline, timeout, show).RunAsync(sources, parsed.GetValue(Day), cancellationToken)
            );
        }
        await ReportAsync(outcome, json);
        return outcome switch
        {
            { Stuck: not null } or { Failures.Count: > 0 } => ExitCode.Failed,
            _ when outcome.Digests.Any(d => d.Dead > 0) => ExitCode.DeadLetters,
            _ => ExitCode.Done,
        };
    }

    private static async Task ReportAsync(IngestOutcome outcome, bool json)
    {
        foreach (var failure in outcome.Failures)
            await Console.Error.WriteLineAsync(failure);
        if (outcome.Stuck is { } stuck)
            await Console.Error.WriteLineAsync(stuck);
        foreach (var digest in outcome.Digests.Where(d => d.Dead > 0))
            await Console.Error.WriteLineAsync(
                $"{digest.Name} has {Count(digest.Dead, "dead letter")}: see `paperpipeline dead-letters list`."
            );
        if (json)
            foreach (var digest in outcome.Digests)
                await Console.Out.WriteLineAsync(PaperJson.Write(digest));
        else
            await Console.Out.WriteLineAsync(Summary(outcome.Digests));
    }

    private static string Summary(IReadOnlyList<DigestStatus> digests) =>
        $"{Count(digests.Count, "digest")}, {Count(digests.Sum(d => d.Papers), "paper")}: "
        + $"{digests.Sum(d => d.Indexed)} indexed, {Count(digests.Sum(d => d.Dead), "dead letter")}";

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
