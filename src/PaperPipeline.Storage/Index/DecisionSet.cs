using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index;

/// <summary>All decisions together. Pure: order and repetition do not matter.</summary>
public sealed class DecisionSet
{
    /// <summary>No decisions.</summary>
    public static readonly DecisionSet None = new([]);

    private readonly Dictionary<string, DecisionMade> all;
    private readonly ILookup<string, (EntryReference Entry, DecisionMade Split)> splits;
    private readonly ILookup<string, string> merges;
    private readonly ILookup<string, (LetterReference Letter, string Dismissal)> dismissals;

    /// <summary>Takes decisions together.</summary>
    public DecisionSet(IEnumerable<DecisionMade> decisions)
    {
        all = decisions.DistinctBy(d => d.Id, StringComparer.Ordinal).ToDictionary(d => d.Id, StringComparer.Ordinal);
        var undoing = all
            .Values.Where(d => d.Decision.Undone is not null)
            .ToLookup(d => d.Decision.Undone!, StringComparer.Ordinal);
        Active =
        [
            .. all.Values.Where(Holds).OrderBy(d => d.Decision.DecidedAt).ThenBy(d => d.Id, StringComparer.Ordinal),
        ];
        splits = Active
            .SelectMany(d => (d.Decision.Entries ?? []).Select(entry => (entry, d)))
            .ToLookup(pair => pair.entry.Digest, StringComparer.Ordinal);
        merges = Active
            .SelectMany(d => (d.Decision.Papers ?? []).Select(paper => (paper, Key: Keys.OfMerge(d.Id))))
            .ToLookup(pair => pair.paper, pair => pair.Key, StringComparer.Ordinal);
        dismissals = Active
            .SelectMany(d => (d.Decision.Letters ?? []).Select(letter => (letter, d.Id)))
            .ToLookup(pair => pair.letter.Letter, StringComparer.Ordinal);

        // Only what was decided before can be undone, so that nothing undoes itself through others.
        bool Holds(DecisionMade decision) =>
            !undoing[decision.Id].Any(u => u.Decision.DecidedAt > decision.Decision.DecidedAt && Holds(u));
    }

    /// <summary>Number of decisions, those included that do not hold.</summary>
    public int Count => all.Count;

    /// <summary>All of them, in no particular order.</summary>
    public IReadOnlyCollection<DecisionMade> All => all.Values;

    /// <summary>The decisions that hold, in the order in which they were made.</summary>
    public IReadOnlyList<DecisionMade> Active { get; }

    /// <summary>True when the decision is one of them.</summary>
    public bool Has(string id) => all.ContainsKey(id);

    /// <summary>With one more decision.</summary>
    public DecisionSet With(DecisionMade decision) => Has(decision.Id) ? this : new([.. all.Values, decision]);

    /// <summary>The decisions that hold and concern one of the observations.</summary>
    public IReadOnlyList<DecisionMade> Of(IReadOnlyList<Observation> observations)
    {
        var with = observations
            .Select(o => Apply(o).Decided)
            .SelectMany(d => d?.With ?? [])
            .ToHashSet(StringComparer.Ordinal);
        return [.. Active.Where(d => with.Contains(Keys.OfMerge(d.Id)) || with.Contains(Keys.OfSplit(d.Id)))];
    }

    /// <summary>True when there are dismissals that hold.</summary>
    public bool Dismiss => dismissals.Count > 0;

    /// <summary>The letter with the decision that dismisses it, where there is one.</summary>
    internal DeadLetter Apply(DeadLetter letter) =>
        letter with
        {
            Dismissed = dismissals[letter.Id].FirstOrDefault(d => Means(d.Letter, letter.Rejected)).Dismissal,
        };

    /// <summary>The ids of the letters on which a decision, one of these, bears.</summary>
    internal IEnumerable<string> LettersOf(DecisionMade made) =>
        (made.Decision.Letters ?? [])
            .Select(l => l.Letter)
            .Concat(
                made.Decision.Undone is { } undone
                && all.TryGetValue(undone, out var other)
                && other.Decision.DecidedAt < made.Decision.DecidedAt
                    ? LettersOf(other)
                    : []
            );

    /// <summary>The observation with the keys that decisions leave it.</summary>
    public Observation Apply(Observation observation)
    {
        var decided = Active.Count == 0 ? null : Decide(observation);
        return Same(decided, observation.Decided) ? observation : observation with { Decided = decided };
    }

    private DecidedKeys? Decide(Observation observation)
    {
        var bare = observation with { Decided = null };
        var leaves = splits[bare.Entry.Digest]
            .Where(s => Means(s.Entry, bare))
            .Select(s => s.Split)
            .Distinct()
            .ToList();
        var without = Ordered(leaves.SelectMany(s => s.Decision.Keys ?? []));
        var apart =
            leaves.Count == 0 ? bare : bare with { Decided = Of(without, leaves.Select(s => Keys.OfSplit(s.Id))) };
        IEnumerable<string> named = merges[Keys.OfEntry(bare.Entry)];
        if (Keys.Of(apart) is [var strongest, ..] keys)
            named = named.Concat(keys.Where(k => k.Kind == strongest.Kind).SelectMany(k => merges[k.Value]));
        var with = named.Concat(apart.Decided?.With ?? []).Where(key => !without.Contains(key, StringComparer.Ordinal));
        return Of(without, with);
    }

    /// <summary>True when the observation has the keys that decisions leave it.</summary>
    public bool AreAppliedTo(Observation observation) => ReferenceEquals(Apply(observation), observation);

    /// <summary>The keys under which everything is found that a decision changes.</summary>
    public IReadOnlyList<string> KeysOf(DecisionMade made)
    {
        var decision = made.Decision;
        var keys = new List<string> { Keys.OfMerge(made.Id), Keys.OfSplit(made.Id) };
        keys.AddRange(decision.Papers ?? []);
        foreach (var entry in decision.Entries ?? [])
        {
            keys.Add($"entry:{entry.Digest}#{entry.Ordinal}");
            if (entry.Key is not { } key)
                continue;
            keys.Add(key);
            // An entry may have lost this key by another decision.
            keys.AddRange(
                all.Values.Where(d => d.Decision.Keys?.Contains(key, StringComparer.Ordinal) is true)
                    .Select(d => Keys.OfSplit(d.Id))
            );
        }
        if (
            decision.Undone is { } undone
            && all.TryGetValue(undone, out var other)
            && other.Decision.DecidedAt < decision.DecidedAt
        )
            keys.AddRange(KeysOf(other));
        return keys;
    }

    private static bool Same(DecidedKeys? left, DecidedKeys? right) =>
        (left?.With ?? []).SequenceEqual(right?.With ?? [], StringComparer.Ordinal)
        && (left?.Without ?? []).SequenceEqual(right?.Without ?? [], StringComparer.Ordinal);

    private static bool Means(LetterReference reference, EntryRejected letter) =>
        // A place is what it is in the digest's bytes; it is reported again whenever anything of the digest is given back.
        letter is { Stage: "parse", Position: not null }
        || (
            letter.Attempts <= reference.Attempts
            && (letter.Ordinal is null || letter.ParserVersion == reference.ParserVersion)
        );

    private static bool Means(EntryReference reference, Observation observation)
    {
        var entry = observation.Entry;
        if (entry.ParserVersion == reference.ParserVersion)
            return entry.Ordinal == reference.Ordinal;
        return reference.Key is { } key
            ? Keys.Of(observation).Any(k => k.Value == key)
            : entry.Ordinal == reference.Ordinal;
    }

    private static DecidedKeys? Of(List<string> without, IEnumerable<string> with)
    {
        var gained = Ordered(with);
        return without.Count == 0 && gained.Count == 0
            ? null
            : new DecidedKeys
            {
                Without = without.Count == 0 ? null : without,
                With = gained.Count == 0 ? null : gained,
            };
    }

    private static List<string> Ordered(IEnumerable<string> keys) =>
        [.. keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
