using System.Diagnostics;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>Makes decisions of what a person says, and sees that the index takes them.</summary>
internal static class Decisions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>These papers are one.</summary>
    public static Decision Merge(IReadOnlyList<PaperGroup> papers, DateTimeOffset at) =>
        new()
        {
            Kind = "merge",
            DecidedAt = at,
            Papers =
            [
                .. papers
                    // A paper without a key of its own is known by its entries alone.
                    .SelectMany(p =>
                        Keys.EntryOf(p.Id) is null ? [p.Id] : p.Observations.Select(o => Keys.OfEntry(o.Entry))
                    )
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
        };

    /// <summary>These entries are another paper.</summary>
    public static Decision Split(PaperGroup paper, IReadOnlyList<Observation> leaving, DateTimeOffset at)
    {
        var staying = paper
            .Observations.Except(leaving)
            .SelectMany(Keys.Of)
            .Select(k => k.Value)
            .ToHashSet(StringComparer.Ordinal);
        return new()
        {
            Kind = "split",
            DecidedAt = at,
            Entries =
            [
                .. leaving.Select(o => new EntryReference
                {
                    Digest = o.Entry.Digest,
                    Ordinal = o.Entry.Ordinal,
                    ParserVersion = o.Entry.ParserVersion,
                    Key = Keys.Of(o with { Decided = null }) is [var strongest, ..] ? strongest.Value : null,
                }),
            ],
            Keys =
            [
                .. leaving
                    .SelectMany(Keys.Of)
                    .Select(k => k.Value)
                    .Where(staying.Contains)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
        };
    }

    /// <summary>These dead letters need nobody.</summary>
    public static Decision Dismiss(IEnumerable<DeadLetter> letters, DateTimeOffset at) =>
        new()
        {
            Kind = "dismiss",
            DecidedAt = at,
            Letters =
            [
                .. letters.Select(letter => new LetterReference
                {
                    Letter = letter.Id,
                    Attempts = letter.Rejected.Attempts,
                    ParserVersion = letter.Rejected.ParserVersion,
                }),
            ],
        };

    /// <summary>Gives an archived decision to the indexer and waits until it holds; gives the papers that it concerns.</summary>
    /// <exception cref="WorkFailedException">The index does not take it; it is taken up later.</exception>
    public static async Task<IReadOnlyList<PaperGroup>> TakeAsync(
        IStages stages,
        DecisionMade made,
        CancellationToken cancellationToken
    )
    {
        var (began, given) = (Stopwatch.GetTimestamp(), false);
        while (true)
        {
            try
            {
                if (!given)
                    await stages.PublishAsync(made, attempts: 0, cancellationToken);
                given = true;
                if (
                    await stages.AskAsync(s => HoldsAsync(s, made, cancellationToken), null, cancellationToken) is
                    { } held
                )
                    return held;
            }
            catch (Exception away) when (away is BusUnavailableException or StoreUnavailableException)
            {
                // It is waited for.
            }
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new WorkFailedException(
                    $"Decision {made.Id[..12]} is archived, but does not hold yet{Why(stages)}. `paperpipeline replay --all` gives it again."
                );
            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>A decision in one line.</summary>
    public static string Line(DecisionMade made)
    {
        var decision = made.Decision;
        var what = decision switch
        {
            { Undone: { } undone } => undone[..Math.Min(12, undone.Length)],
            { Papers: { } papers } => string.Join(' ', papers),
            { Letters: { } letters } => string.Join(' ', letters.Select(l => l.Letter)),
            _ => string.Join(' ', (decision.Entries ?? []).Select(e => $"{e.Digest}#{e.Ordinal}")),
        };
        var reason = decision.Reason is null ? "" : $"  {decision.Reason.ReplaceLineEndings(" ")}";
        return $"{made.Id[..12]}  {decision.DecidedAt.UtcDateTime:yyyy-MM-dd HH:mm}  {decision.Kind, -7}  {what}{reason}";
    }

    // Null while not all papers are as decisions have them.
    private static async Task<IReadOnlyList<PaperGroup>?> HoldsAsync(
        IPaperStore store,
        DecisionMade made,
        CancellationToken cancellationToken
    )
    {
        var decisions = await store.DecisionsAsync(cancellationToken);
        if (!decisions.Has(made.Id))
            return null;
        var papers = new Dictionary<string, PaperGroup>(StringComparer.Ordinal);
        foreach (var key in decisions.KeysOf(made))
        foreach (var paper in await store.FindPapersAsync(key, cancellationToken))
            papers[paper.Id] = paper;
        return papers.Values.SelectMany(p => p.Observations).All(decisions.AreAppliedTo)
            ? [.. papers.Values.OrderBy(p => p.Id, StringComparer.Ordinal)]
            : null;
    }

    private static string Why(IStages stages) =>
        stages.Trouble is { } trouble ? $": {trouble.Reason.TrimEnd('.')}" : "";
}
