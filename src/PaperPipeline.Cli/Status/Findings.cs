using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli.Status;

/// <summary>What is wrong, and what to do, by one look: causes before what follows from them.</summary>
internal static class Findings
{
    /// <summary>How long a digest may be under way before somebody is to look at it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private const int LongestReason = 200;

    /// <summary>Reads an overview.</summary>
    /// <param name="seen">The look.</param>
    /// <param name="since">Dead letters from before are known; null where all count.</param>
    public static IReadOnlyList<Finding> Of(Overview seen, DateTimeOffset? since = null) =>
        [
            .. Single("broker", seen.BusTrouble),
            .. Single("index", seen.IndexTrouble),
            .. Single("archive", seen.ArchiveTrouble),
            .. Workers(seen),
            .. Digests(seen),
            .. Letters(
                seen.Letters.Where(letter =>
                    letter.Dismissed is null && (since is null || letter.Rejected.RejectedAt >= since)
                )
            ),
        ];

    private static IEnumerable<Finding> Single(string subject, string? trouble) =>
        trouble is null ? [] : [new(subject, trouble)];

    private static IEnumerable<Finding> Workers(Overview seen)
    {
        foreach (var queue in seen.Queues.Where(q => q.Consumers == 0))
        {
            // An indexer that is there has paused, and why was said.
            if (queue.Queue == Routes.Index && seen.IndexTrouble is not null)
                continue;
            var waiting = queue.IsEmpty
                ? ""
                : $" {IngestReport.Count((int)(queue.Waiting + queue.Alone + queue.Failed), "message")} wait there.";
            yield return new("workers", Listeners.Advice(queue.Queue) + "." + waiting);
        }
        foreach (var queue in seen.Queues.Where(q => q is { Consumers: > 0, Alone: > 0 }))
            yield return new(
                "workers",
                $"{IngestReport.Count((int)queue.Alone, "message")} of the stage {queue.Stage} may kill its worker, and {(queue.Alone == 1 ? "is" : "are")} taken one at a time.",
                "see that the worker is started again each time it ends: after 10 deliveries the one at fault is a dead letter, and the others arrive."
            );
    }

    private static IEnumerable<Finding> Digests(Overview seen)
    {
        var moves = seen.Queues.Any(queue => !queue.IsEmpty);
        var late = seen.Digests.Where(d => !d.IsSettled && Last(d) is { } last && seen.At - last > Patience).ToList();
        // Where messages wait, who does not take them is the cause; an index in trouble is one too.
        if (late.Count == 0 || moves || seen.IndexTrouble is not null || seen.BusTrouble is not null)
            yield break;
        yield return new(
            "digests",
            $"{IngestReport.Count(late.Count, "digest")} {(late.Count == 1 ? "is" : "are")} unfinished for more than {Patience.TotalMinutes:0} minutes: {Names(late)}.",
            seen.HasBroker
                ? "nothing of them is in a queue: `paperpipeline replay --incomplete` announces them again."
                : "if no `serve` or `ingest` runs here, start one: it takes up what was left."
        );
    }

    private static DateTimeOffset? Last(DigestStatus digest) =>
        digest.ParsedAt > digest.RetrievedAt ? digest.ParsedAt : digest.RetrievedAt;

    private static string Names(List<DigestStatus> digests) =>
        string.Join(", ", digests.Take(3).Select(d => d.Name ?? d.Digest[..12])) + (digests.Count > 3 ? ", …" : "");

    private static IEnumerable<Finding> Letters(IEnumerable<DeadLetter> letters) =>
        letters
            .GroupBy(letter => (letter.Rejected.Stage, Kind: RejectionKind.Of(letter.Rejected)))
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key)
            .Select(group =>
            {
                var first = group.First();
                var digests = group.Select(letter => letter.Rejected.Digest).Distinct(StringComparer.Ordinal).Count();
                return new Finding(
                    group.Key.Kind,
                    $"{IngestReport.Count(group.Count(), "dead letter")} at {group.Key.Stage} of {IngestReport.Count(digests, "digest")}, such as {first.Id}: {Short(first.Rejected.Reason)}",
                    DeadLetterAdvice.Of(group.Key.Kind)
                );
            });

    private static string Short(string reason)
    {
        var line = reason.ReplaceLineEndings(" ");
        return line.Length <= LongestReason ? line : Rejections.Excerpt(line)[..LongestReason].TrimEnd() + "…";
    }
}
