using System.CommandLine;
using System.Globalization;
using PaperPipeline.Indexer;
using PaperPipeline.Parser;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary><c>replay</c>: runs archived digests through today's parsers and enrichers.</summary>
internal static class ReplayCommand
{
    private static readonly Option<string> Source = new("--source")
    {
        Description = "Digests of this shape, source or address",
    };
    private static readonly Option<DateOnly?> Day = new("--day")
    {
        Description = "Digests that belong to this day (YYYY-MM-DD)",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (
                DateOnly.TryParseExact(
                    text,
                    "yyyy-MM-dd",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out var day
                )
            )
                return day;
            result.AddError($"--day is '{text}': it must be a day such as 2025-05-22.");
            return null;
        },
    };
    private static readonly Option<string[]> Digest = new("--digest")
    {
        Description = "These digests, each by the beginning of its id",
        AllowMultipleArgumentsPerToken = true,
    };
    private static readonly Option<string> Paper = new("--paper")
    {
        Description = "Digests that announce this paper: an id or identifier as in `papers show`",
    };
    private static readonly Option<bool> Incomplete = new("--incomplete")
    {
        Description = "Digests that the ledger does not call settled",
    };
    private static readonly Option<bool> All = new("--all") { Description = "All archived digests, and all decisions" };
    private static readonly Option<bool> Enrich = new("--enrich")
    {
        Description =
            "Of these digests only the papers that older enrichers have seen, from the index; nothing is read again",
    };
    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Change nothing; print which papers would be added, changed and removed",
    };
    private static readonly Option<bool> Again = new("--again")
    {
        Description = "Begin anew where the same replay was stopped before",
    };
    private static readonly Option<double> Timeout = new("--timeout")
    {
        Description = "End with exit code 1 when nothing moves for this many seconds",
        DefaultValueFactory = _ => 600,
    };

    public static Command Create()
    {
        var command = new Command(
            "replay",
            """
            Run archived digests through today's parsers and enrichers, in nobody's way. What was stopped goes on where it
            was when the same is asked for again.

            Examples:
              paperpipeline replay --all --dry-run       what would change
              paperpipeline replay --incomplete          what is not settled
              paperpipeline replay --source huggingface-trending --day 2025-05-22
            """
        )
        {
            Source,
            Day,
            Digest,
            Paper,
            Incomplete,
            All,
            Enrich,
            DryRun,
            Again,
            Timeout,
        };
        command.Validators.Add(result =>
        {
            if (Chosen().All(option => result.GetResult(option) is null))
                result.AddError("Say what to replay: --source, --day, --digest, --paper, --incomplete or --all.");

            static IEnumerable<Option> Chosen() => [Source, Day, Digest, Paper, Incomplete, All];
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = GlobalOptions.Settings(parsed);
        var selection = new ReplaySelection
        {
            Source = parsed.GetValue(Source),
            Day = parsed.GetValue(Day),
            Digests = parsed.GetValue(Digest) is { Length: > 0 } digests ? digests : null,
            Paper = parsed.GetValue(Paper),
            IsIncomplete = parsed.GetValue(Incomplete),
        };
        var json = parsed.GetValue(GlobalOptions.Json);
        if (parsed.GetValue(DryRun))
            return await PreviewAsync(settings, selection, json, cancellationToken);
        var timeout = TimeSpan.FromSeconds(parsed.GetValue(Timeout));
        ReplayOutcome outcome;
        ReplayChoice choice;
        await using (var stages = await Stages.StartAsync(settings, cancellationToken))
        {
            await using var reader = await PaperStores.OpenAsync(settings, write: false, cancellationToken);
            choice = await ChooseAsync(selection, stages.Archive, reader, cancellationToken);
            var chosen = choice.Digests;
            outcome = await Progress.RunAsync(
                chosen.Count,
                show =>
                {
                    var run = new ReplayRun(stages, new LedgerFollower(stages, timeout, show), show);
                    return parsed.GetValue(Enrich)
                        ? run.EnrichAsync(chosen, reader, cancellationToken)
                        : run.RunAsync(
                            chosen,
                            selection.IsIncomplete
                                ? null
                                : ReplayJournal.Open(settings, selection, parsed.GetValue(Again)),
                            cancellationToken
                        );
                },
                "replayed"
            );
        }
        var code = await WriteAsync(outcome, json);
        return choice.Damaged.Count > 0 ? ExitCode.Failed : code;
    }

    private static async Task<ReplayChoice> ChooseAsync(
        ReplaySelection selection,
        DigestArchive archive,
        IPaperStore? store,
        CancellationToken cancellationToken
    )
    {
        var choice = await selection.ChooseAsync(archive, store, cancellationToken);
        foreach (var line in choice.Lines())
            await Console.Error.WriteLineAsync(line);
        return choice;
    }

    /// <summary>Says what became of a replay, and gives the exit code.</summary>
    public static async Task<int> WriteAsync(ReplayOutcome outcome, bool json)
    {
        if (outcome.Stuck is not null)
            await Console.Error.WriteLineAsync(outcome.Stuck);
        if (json)
            foreach (var digest in outcome.Digests)
                await Console.Out.WriteLineAsync(PaperJson.Write(digest));
        else
            await Console.Out.WriteLineAsync(
                $"{IngestReport.Count(outcome.Replayed, outcome.What)} replayed: {outcome.Digests.Sum(d => d.Indexed)} indexed, "
                    + IngestReport.Count(outcome.Digests.Sum(d => d.Dead), "dead letter")
            );
        return outcome.Stuck is not null ? ExitCode.Failed
            : outcome.Digests.Any(d => d.Open > 0) ? ExitCode.DeadLetters
            : ExitCode.Done;
    }

    private static async Task<int> PreviewAsync(
        PipelineSettings settings,
        ReplaySelection selection,
        bool json,
        CancellationToken cancellationToken
    )
    {
        var archive = new DigestArchive(settings.Archive);
        await using var store = await PaperStores.OpenAsync(settings, write: false, cancellationToken);
        var choice = await ChooseAsync(selection, archive, store, cancellationToken);
        var chosen = choice.Digests;
        var reader = new DigestReader(archive, new DigestParser(), TimeProvider.System);
        await using var preview = ReplayPreview.Create();
        foreach (var digest in chosen)
            await preview.AddAsync(digest, reader, store, cancellationToken);
        await preview.DecideAsync(archive, store, cancellationToken);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        await foreach (var change in preview.ChangesAsync(cancellationToken))
        {
            counts[change.Change] = counts.GetValueOrDefault(change.Change) + 1;
            if (json)
                Console.Out.WriteLine(change.Json());
            else
                change.Write(Console.Out);
        }
        foreach (var failure in preview.Unreadable)
            await Console.Error.WriteLineAsync(failure);
        if (!json)
            Console.Out.WriteLine(
                $"{IngestReport.Count(chosen.Count, "digest")}: would add {Of("added")}, change {Of("changed")} and remove {Of("removed")} of {IngestReport.Count(preview.Papers, "paper")}"
            );
        return choice.Damaged.Count > 0 ? ExitCode.Failed : ExitCode.Done;

        int Of(string change) => counts.GetValueOrDefault(change);
    }
}
