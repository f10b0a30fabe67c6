using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>A record as it is to be written.</summary>
/// <param name="Known">The record as it was read or last written.</param>
/// <param name="Observations">The paper's observations; none makes it a pointer.</param>
/// <param name="Papers">Other papers that bear its key.</param>
internal sealed record RecordWrite(
    PaperRecord Known,
    IReadOnlyList<Observation> Observations,
    IReadOnlySet<string> Papers
);

/// <summary>
/// What to write so that the records of a component say what its observations together say. Pure. The order matters: keys
/// lead to a paper before it is there, and a paper holds an observation before another lets go of it; so whatever is killed
/// in between, nothing is lost and the next write of the same observations completes it.
/// </summary>
internal sealed class WritePlan
{
    private readonly Dictionary<(string, int), string> papers = [];

    /// <summary>Keys first, then what papers gain.</summary>
    public List<RecordWrite> Gains { get; } = [];

    /// <summary>What papers lose, once their observations are elsewhere.</summary>
    public List<RecordWrite> Losses { get; } = [];

    /// <summary>
    /// Records on which the result rests and that this plan does not write last: whoever changes one of them meanwhile
    /// may not have seen what is written here.
    /// </summary>
    public HashSet<string> Relied { get; } = new(StringComparer.Ordinal);

    /// <summary>Plans for what was read and the observations that are new.</summary>
    public static WritePlan Of(
        IReadOnlyDictionary<string, PaperRecord> records,
        IReadOnlyList<Observation> batch,
        Rulings rulings,
        IReadOnlySet<string> refused
    )
    {
        var plan = new WritePlan();
        var groups = Resolution.Resolve(records.Values.SelectMany(r => r.Observations).Concat(batch), rulings);
        var byId = groups.ToDictionary(g => g.Id, StringComparer.Ordinal);
        // Which other papers bear a key; null where none does.
        var leads = new Dictionary<string, HashSet<string>?>(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            foreach (var observation in group.Observations)
                plan.papers[Entry(observation)] = group.Id;
            foreach (var key in group.Keys)
                Lead(leads, key, group.Id);
        }
        foreach (var record in records.Values.Where(r => r.Observations.Count > 0))
        {
            leads.TryAdd(record.Key, null);
            foreach (var observation in record.Observations)
                if (plan.PaperOf(observation) is { } paper)
                    Lead(leads, record.Key, paper);
        }
        foreach (var group in groups)
            leads.TryAdd(group.Id, null);

        var (keys, gains) = (new List<RecordWrite>(), new List<RecordWrite>());
        foreach (var (key, led) in leads)
        {
            var known = records.GetValueOrDefault(key) ?? PaperRecord.Absent(key);
            var wanted = refused.Contains(key) ? [] : byId.GetValueOrDefault(key)?.Observations ?? [];
            // What belongs to a paper that the index refuses stays where it is.
            var staying = known
                .Observations.Where(o => plan.PaperOf(o) is { } paper && refused.Contains(paper))
                .ToList();
            if (staying.Count > 0)
                wanted = Resolution.Merge([.. wanted, .. staying]);
            plan.Add(known, wanted, led, keys, gains);
        }
        plan.Gains.AddRange(keys);
        plan.Gains.AddRange(gains);
        plan.Keep(records);
        plan.Rely(groups, records);
        return plan;
    }

    /// <summary>The paper that an observation belongs to; null where a newer reading of its digest has no such entry.</summary>
    public string? PaperOf(Observation observation) => papers.GetValueOrDefault(Entry(observation));

    private void Add(
        PaperRecord known,
        IReadOnlyList<Observation> wanted,
        HashSet<string>? led,
        List<RecordWrite> keys,
        List<RecordWrite> gains
    )
    {
        var leads =
            led is null || known.Papers.IsSupersetOf(led)
                ? known.Papers
                : known.Papers.Concat(led).ToHashSet(StringComparer.Ordinal);
        var entries = known.Observations.Count == 0 ? [] : wanted.Select(Entry).ToHashSet();
        var lost = known.Observations.Where(o => !entries.Contains(Entry(o))).ToList();
        var gained = lost.Count == 0 ? wanted : Resolution.Merge([.. wanted, .. lost]);
        if (leads.Count > known.Papers.Count)
            keys.Add(new(known, gained, leads));
        else if (!Same(known.Observations, wanted) && !Same(known.Observations, gained))
            gains.Add(new(known, gained, leads));
        if (lost.Count > 0)
            Losses.Add(new(known, wanted, leads));
    }

    // Where two papers hold an observation, another writer may be moving it, and about to take it from the one that keeps it
    // here. So that one is written too, as it is: then only one of the two succeeds.
    private void Keep(IReadOnlyDictionary<string, PaperRecord> records)
    {
        var written = Gains.Select(w => w.Known.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var loss in Losses)
        {
            var kept = loss.Observations.Select(Entry).ToHashSet();
            foreach (var lost in loss.Known.Observations.Where(o => !kept.Contains(Entry(o))))
                if (
                    PaperOf(lost) is { } paper
                    && records.TryGetValue(paper, out var keeper)
                    && keeper.Version is not null
                    && written.Add(paper)
                )
                    Gains.Add(new(keeper, keeper.Observations, keeper.Papers));
        }
    }

    // Only what was written may be relied on: a batch that changes nothing has nothing to verify.
    private void Rely(IReadOnlyList<PaperGroup> groups, IReadOnlyDictionary<string, PaperRecord> records)
    {
        var written = Gains.Concat(Losses).Select(w => w.Known.Key).ToHashSet(StringComparer.Ordinal);
        if (written.Count == 0)
            return;
        var sources = records
            .Values.SelectMany(r => r.Observations.Select(o => (Paper: PaperOf(o) ?? "", r.Key)))
            .ToLookup(s => s.Paper, s => s.Key, StringComparer.Ordinal);
        foreach (var group in groups)
        {
            var others = group.Keys.Concat(sources[group.Id]).Where(key => key != group.Id);
            // Most rest on nothing but themselves.
            if (!others.Any())
                continue;
            var involved = others.Append(group.Id).ToHashSet(StringComparer.Ordinal);
            if (!involved.Overlaps(written))
                continue;
            if (written.Contains(group.Id))
                involved.Remove(group.Id);
            Relied.UnionWith(involved);
        }
    }

    private static void Lead(Dictionary<string, HashSet<string>?> leads, string key, string paper)
    {
        var led = leads.GetValueOrDefault(key);
        if (key != paper)
            (led ??= new(StringComparer.Ordinal)).Add(paper);
        leads[key] = led;
    }

    private static (string, int) Entry(Observation observation) =>
        (observation.Entry.Digest, observation.Entry.Ordinal);

    private static bool Same(IReadOnlyList<Observation> left, IReadOnlyList<Observation> right) =>
        ReferenceEquals(left, right)
        || (
            left.Count == right.Count
            && (left.Count == 0 || PaperJson.Write(left).AsSpan().SequenceEqual(PaperJson.Write(right)))
        );
}
