using System.Globalization;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Index;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PaperPipeline.Cli.Status;

/// <summary>An overview for people.</summary>
internal static class StatusTables
{
    private const int MostDigests = 10;

    // Columns below which tables are words cut to their first letters.
    private const int Narrow = 60;

    /// <summary>A line for each digest.</summary>
    public static IRenderable Digests(IReadOnlyList<DigestStatus> digests, int width)
    {
        if (width < Narrow)
            return Lines(
                digests.Select(d =>
                    $"{d.Name ?? d.Digest[..12]}: {d.State}, {d.Indexed} of {IngestReport.Count(d.Papers, "paper")} indexed"
                    + (d.Dead > 0 ? $", {IngestReport.Count(d.Dead, "dead letter")}" : "")
                )
            );
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
                Dead(d.Dead, d.Dismissed)
            );
        return table;
    }

    /// <summary>What needs a person, then stages, ledger and dead letters: a low terminal shows the beginning.</summary>
    public static IRenderable Whole(Overview seen, Rates rates, IReadOnlyList<Finding> findings, int width)
    {
        var parts = new List<IRenderable>
        {
            new Markup($"[bold]PaperPipeline[/] at {seen.At:yyyy-MM-dd HH:mm:ss} UTC, {Papers(seen, rates)}"),
        };
        parts.AddRange(
            findings.Count == 0
                ? [new Markup("[green]Nothing needs a person.[/]")]
                : findings.Select(finding => new Text(finding.ToString(), new Style(Color.Red)))
        );
        if (seen.Queues.Count > 0)
            parts.Add(Queues(seen.Queues, rates, width));
        if (seen.IsRead)
            parts.Add(Ledger(seen, width));
        if (seen.Letters.Count > 0)
            parts.Add(Letters(seen.Letters, width));
        if (seen.Digests.Count > 0)
            parts.Add(
                Digests(
                    [.. seen.Digests.OrderBy(d => d.IsSettled).ThenByDescending(d => d.RetrievedAt).Take(MostDigests)],
                    width
                )
            );
        return new Rows(parts);
    }

    /// <summary>The same in one line.</summary>
    public static string Line(Overview seen, Rates rates, IReadOnlyList<Finding> findings)
    {
        var queues =
            seen.Queues.Count == 0
                ? ""
                : $"; waiting: {string.Join(", ", seen.Queues.Select(q => $"{q.Stage} {Held(q)}"))}";
        var ledger = seen.IsRead
            ? $"; digests: {States(seen.Digests)}{queues}; {IngestReport.Count(seen.Letters.Count, "dead letter")}"
                + (Dismissed(seen) is > 0 and var n ? $", {n} dismissed" : "")
            : queues;
        return $"{seen.At:yyyy-MM-ddTHH:mm:ssZ} {Papers(seen, rates)}{ledger}; "
            + (
                findings.Count == 0
                    ? "nothing needs a person"
                    : $"{IngestReport.Count(findings.Count, "thing")} to see to"
            );
    }

    private static string Papers(Overview seen, Rates rates) =>
        seen.IsRead ? IngestReport.Count(seen.Indexed, "paper") + " indexed" + Rate(rates) : "the index was not read";

    private static string Rate(Rates rates) =>
        rates.Indexed is { } rate ? string.Create(CultureInfo.InvariantCulture, $", {rate:0.#} a second") : "";

    private static string States(IReadOnlyList<DigestStatus> digests) =>
        digests.Count == 0
            ? "none"
            : string.Join(
                ", ",
                digests
                    .GroupBy(d => d.State, StringComparer.Ordinal)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => $"{g.Count()} {g.Key}")
            );

    private static string Dead(int count, int dismissed) =>
        dismissed == 0 ? $"{count}" : $"{count}, {dismissed} dismissed";

    private static int Dismissed(Overview seen) => seen.Letters.Count(letter => letter.Dismissed is not null);

    private static long Held(StageQueues queue) => queue.Waiting + queue.Alone + queue.Failed + queue.Postponed;

    private static Rows Lines(IEnumerable<string> lines) => new(lines.Select(line => new Text(line)));

    private static IRenderable Queues(IReadOnlyList<StageQueues> queues, Rates rates, int width)
    {
        if (width < Narrow)
            return Lines(
                queues.Select(q =>
                    $"{q.Stage}: {IngestReport.Count((int)q.Consumers, "intake")}, {q.Waiting} waiting"
                    + (q.Alone > 0 ? $", {q.Alone} taken alone" : "")
                    + (q.Failed > 0 ? $", {q.Failed} failed" : "")
                    + (q.Postponed > 0 ? $", {q.Postponed} tried again later" : "")
                )
            );
        var table = new Table().AddColumns(
            "Stage",
            "Workers' intakes",
            "Waiting",
            "a second",
            "Taken alone",
            "Failed",
            "Tried again later"
        );
        foreach (var q in queues)
            table.AddRow(
                q.Stage,
                q.Consumers == 0 ? "[red]0[/]" : $"{q.Consumers}",
                $"{q.Waiting}",
                rates.Waiting.TryGetValue(q.Stage, out var rate)
                    ? rate.ToString("+0.#;-0.#;0", CultureInfo.InvariantCulture)
                    : "",
                $"{q.Alone}",
                $"{q.Failed}",
                $"{q.Postponed}"
            );
        return table;
    }

    private static IRenderable Ledger(Overview seen, int width)
    {
        if (width < Narrow)
            return new Text($"digests: {States(seen.Digests)}");
        var table = new Table().AddColumns("Digests", "Papers", "Indexed", "Dead letters");
        table.AddRow(
            States(seen.Digests),
            $"{seen.Digests.Sum(d => d.Papers)}",
            $"{seen.Indexed}",
            Dead(seen.Letters.Count, Dismissed(seen))
        );
        return table;
    }

    private static IRenderable Letters(IReadOnlyList<DeadLetter> letters, int width)
    {
        var groups = letters
            .GroupBy(l => (l.Rejected.Stage, Kind: RejectionKind.Of(l.Rejected)))
            .OrderByDescending(g => g.Count())
            .ToList();
        if (width < Narrow)
            return Lines(
                groups.Select(g => $"{IngestReport.Count(g.Count(), "dead letter")} at {g.Key.Stage}: {g.Key.Kind}")
            );
        var table = new Table().AddColumns("Dead letters", "at", "kind");
        foreach (var group in groups)
            table.AddRow(
                Dead(group.Count(), group.Count(l => l.Dismissed is not null)),
                group.Key.Stage,
                group.Key.Kind
            );
        return table;
    }
}
