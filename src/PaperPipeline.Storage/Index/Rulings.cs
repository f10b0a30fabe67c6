using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index;

/// <summary>A reading of a digest to its end.</summary>
/// <param name="ParserVersion">The version of the parser.</param>
/// <param name="Entries">How many entries it has.</param>
public sealed record Reading(int ParserVersion, int Entries);

/// <summary>
/// What holds for observations before they are resolved: the decisions of people, and the newest readings of digests, whose
/// set of entries replaces that of older ones. Pure: what comes of it does not depend on when which of them arrived.
/// </summary>
public sealed class Rulings
{
    /// <summary>No decisions and no readings.</summary>
    public static readonly Rulings None = new(
        DecisionSet.None,
        new Dictionary<string, Reading>(StringComparer.Ordinal)
    );

    private readonly DecisionSet decisions;
    private readonly IReadOnlyDictionary<string, Reading> readings;

    /// <summary>Takes decisions and readings together.</summary>
    /// <param name="decisions">The decisions.</param>
    /// <param name="readings">The newest reading of each digest that was read.</param>
    public Rulings(DecisionSet decisions, IReadOnlyDictionary<string, Reading> readings) =>
        (this.decisions, this.readings) = (decisions, readings);

    /// <summary>The observations that hold, each with the keys that decisions leave it.</summary>
    public IEnumerable<Observation> Apply(IEnumerable<Observation> observations) =>
        observations.Where(o => !IsReplaced(o.Entry)).Select(decisions.Apply);

    /// <summary>All that the observations are or become: with the keys that they have, and with those that they are left.</summary>
    internal IEnumerable<Observation> BeforeAndAfter(IReadOnlyList<Observation> observations)
    {
        foreach (var observation in observations)
        {
            yield return observation;
            if (decisions.Apply(observation) is var after && !ReferenceEquals(after, observation))
                yield return after;
        }
    }

    /// <summary>The keys of all that the observations are or become.</summary>
    internal IEnumerable<string> KeysOf(IReadOnlyList<Observation> observations) =>
        BeforeAndAfter(observations).SelectMany(Keys.Of).Select(k => k.Value);

    /// <summary>True when others come to the same for these observations.</summary>
    public bool AreSameFor(IReadOnlyList<Observation> observations, Rulings others) =>
        ReferenceEquals(decisions, others.decisions)
        && observations.All(o => IsReplaced(o.Entry) == others.IsReplaced(o.Entry));

    // Entries that both readings have are replaced one by one, so that none is missing meanwhile.
    private bool IsReplaced(Entry entry) =>
        readings.TryGetValue(entry.Digest, out var newest)
        && entry.ParserVersion < newest.ParserVersion
        && entry.Ordinal > newest.Entries;
}
