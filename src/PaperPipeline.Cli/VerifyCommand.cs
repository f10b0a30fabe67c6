using System.CommandLine;
using PaperPipeline.Fetcher;
using PaperPipeline.Indexer;
using PaperPipeline.Storage.Archive;

namespace PaperPipeline.Cli;

/// <summary><c>verify [--repair]</c>: compares archive, ledger and index, and mends what a replay can mend.</summary>
internal static class VerifyCommand
{
    private static readonly Option<bool> Repair = new("--repair")
    {
        Description = "Replay the digests that something is wrong with, then look again",
    };

    public static Command Create()
    {
        var command = new Command(
            "verify",
            "Compare archive, ledger and index: list what is missing, doubled, damaged or left over. Exit code 0 when nothing is."
        )
        {
            Repair,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = GlobalOptions.Settings(parsed);
        var json = parsed.GetValue(GlobalOptions.Json);
        var archive = new DigestArchive(settings.Archive);
        var found = await LookAsync();
        if (!parsed.GetValue(Repair) || found.Findings.Count == 0)
            return Report(found, json, "");
        await using (var stages = await Stages.StartAsync(settings, cancellationToken))
        {
            var digests = found
                .Findings.Where(f => f.IsMendable)
                .Select(f => f.Digest!)
                .Distinct(StringComparer.Ordinal)
                .Where(archive.Holds)
                .Select(archive.Find)
                .OfType<Retrieval>()
                .Select(DigestFetcher.Announce)
                .ToList();
            var outcome = await Progress.RunAsync(
                digests.Count,
                show =>
                    new ReplayRun(stages, new LedgerFollower(stages, TimeSpan.FromMinutes(10), show), show).RunAsync(
                        digests,
                        null,
                        cancellationToken
                    ),
                "replayed"
            );
            if (outcome.Stuck is not null)
                throw new WorkFailedException(outcome.Stuck);
        }
        var left = await LookAsync();
        return Report(left, json, $", {found.Findings.Except(left.Findings).Count()} mended");

        async Task<Verification> LookAsync()
        {
            await using var store = await PaperStores.OpenAsync(settings, write: false, cancellationToken);
            return await Verification.RunAsync(archive, store, cancellationToken);
        }
    }

    private static int Report(Verification found, bool json, string mended)
    {
        foreach (var finding in found.Findings)
            Console.Out.WriteLine(json ? finding.Json() : finding.Line());
        if (!json)
            Console.Out.WriteLine(
                $"{IngestReport.Count(found.Digests, "digest")}, {IngestReport.Count(found.Papers, "paper")}: "
                    + $"{IngestReport.Count(found.Findings.Count, "finding")}{mended}"
            );
        return found.Findings.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
