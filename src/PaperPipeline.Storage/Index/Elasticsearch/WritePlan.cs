using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>A record as it is to be written.</summary>
/// <param name="Known">The record as it was read or last written.</param>
/// <param name="Observations">The paper's observations; none makes it a pointer.</param>
/// <param name="Papers">Other records to which it leads.</param>
internal sealed record RecordWrite(
    PaperRecord Known,
    IReadOnlyList<Observation> Observations,
    IReadOnlySet<string> Papers
);

/// <summary>
/// What to write so that the records of a component say what its observations together say. Pure. The order matters: keys
/// lead to a paper before it is there, and a paper holds an observation before another lets go of it; so whatever is killed
/// in between, nothing is lost. The next write of the same observations finds all that is left to do: no record forgets
/// what leads to the others before they are as they should be.
/// </summary>
internal sealed class WritePlan
{
    private readonly Dictionary<(string, int), (string Id, Observation As)> papers = [];

    /// <summary>
    /// Where what a paper will let go of is about to be: who takes it from there meanwhile then knows where else to look. And,
    /// as they are, the papers that share a key with it.
    /// </summary>
    public List<RecordWrite> Leads { get; } = [];

    /// <summary>Keys first, then what papers gain.</summary>
    public List<RecordWrite> Gains { get; } = [];

    /// <summary>What papers lose, once their observations are elsewhere.</summary>
    public List<RecordWrite> Losses { get; } = [];

    /// <summary>
    /// What papers lose because the newest reading of its digest has no such entry, once all else is written: its keys may be
    /// all that leads there.
    /// </summary>
    public List<RecordWrite> Removals { get; } = [];

    /// <summary>All writes, in the order in which each may begin once those before it are done.</summary>
    public IReadOnlyList<IReadOnlyList<RecordWrite>> Phases => [Leads, Gains, Losses, Removals];

    /// <summary>All writes, in their order.</summary>
    public IEnumerable<RecordWrite> All => Phases.SelectMany(writes => writes);

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
        // The other records to which one leads; null where there is none.
        var leads = new Dictionary<string, HashSet<string>?>(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            foreach (var observation in group.Observations)
                plan.papers[Entry(observation)] = (group.Id, observation);
            foreach (var key in group.Keys)
                Lead(leads, key, group.Id);
        }
        foreach (var record in records.Values.Where(r => r.Observations.Count > 0))
        {
            leads.TryAdd(record.Key, null);
            foreach (var observation in record.Observations)
                if (plan.papers.TryGetValue(Entry(observation), out var paper))
                {
                    Lead(leads, record.Key, paper.Id);
                    foreach (var key in FormerKeys(observation, paper.As))
                        Lead(leads, paper.Id, key);
                }
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
        var written = plan.All.Select(w => w.Known.Key).ToHashSet(StringComparer.Ordinal);
        plan.Rely(groups, records, written);
        if (plan.Losses.Count > 0 || plan.Removals.Count > 0)
            plan.Hold(records, rulings, written);
        return plan;
    }

    /// <summary>The paper that an observation belongs to; null where a newer reading of its digest has no such entry.</summary>
    public string? PaperOf(Observation observation) => papers.GetValueOrDefault(Entry(observation)).Id;

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
        var removed = lost.FindAll(o => PaperOf(o) is null);
        var (moves, leadsMore) = (removed.Count < lost.Count, leads.Count > known.Papers.Count);
        if (moves && leadsMore)
            Leads.Add(new(known, known.Observations, leads));
        if (!moves && leadsMore)
            keys.Add(new(known, gained, leads));
        else if (!Same(known.Observations, wanted) && !Same(known.Observations, gained))
            gains.Add(new(known, gained, leads));
        if (moves)
            Losses.Add(new(known, removed.Count == 0 ? wanted : Resolution.Merge([.. wanted, .. removed]), leads));
        if (removed.Count > 0)
            Removals.Add(new(known, wanted, leads));
    }

    // Where an entry is read anew or decided upon, others still are as its former keys had it; what was cut off finds them by
    // those alone.
    private static IEnumerable<string> FormerKeys(Observation known, Observation now)
    {
        if (known.Entry.ParserVersion == now.Entry.ParserVersion && known.Decided is null && now.Decided is null)
            return [];
        var kept = Keys.Of(now).Select(k => k.Value).ToHashSet(StringComparer.Ordinal);
        return Keys.Of(known).Select(k => k.Value).Where(key => !kept.Contains(key));
    }

    // Another writer may have read all this as it was, and be about to move some of it; should it die then, its message, given
    // again, may lead there no more. So whoever moves something first writes all papers of the component, as they are, and
    // whoever removes something that linked them does too, and writes the records to which their entries are about to be
    // moved: of two such writers one fails and reads anew.
    private void Hold(IReadOnlyDictionary<string, PaperRecord> records, Rulings rulings, HashSet<string> written)
    {
        var held = Leads.Select(w => w.Known.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (record, _) in Linked(Losses, records, rulings))
            if (record.Observations.Count > 0 && held.Add(record.Key))
                Leads.Add(AsItIs(record));
        held.UnionWith(written);
        foreach (var (record, isLed) in Linked(Removals, records, rulings))
            if ((isLed || record.Observations.Count > 0) && held.Add(record.Key))
                Gains.Add(AsItIs(record));
        held.ExceptWith(written);
        Relied.UnionWith(held);

        static RecordWrite AsItIs(PaperRecord record) => new(record, record.Observations, record.Papers);
    }

    // The records to which those lead that are written, directly or through others, and whether a paper itself leads there.
    private static List<(PaperRecord Record, bool IsLed)> Linked(
        List<RecordWrite> writes,
        IReadOnlyDictionary<string, PaperRecord> records,
        Rulings rulings
    )
    {
        var led = new HashSet<string>(StringComparer.Ordinal);
        var seen = writes.Select(w => w.Known.Key).ToHashSet(StringComparer.Ordinal);
        var linked = new List<PaperRecord>();
        for (var open = new Queue<string>(seen); open.TryDequeue(out var key); )
        {
            var record = records.GetValueOrDefault(key) ?? PaperRecord.Absent(key);
            linked.Add(record);
            if (record.Observations.Count > 0)
                led.UnionWith(record.Papers);
            foreach (var next in record.LeadsTo(rulings).Where(seen.Add))
                open.Enqueue(next);
        }
        return [.. linked.Select(record => (record, led.Contains(record.Key)))];
    }

    // Only what was written may be relied on: a batch that changes nothing has nothing to verify.
    private void Rely(
        IReadOnlyList<PaperGroup> groups,
        IReadOnlyDictionary<string, PaperRecord> records,
        HashSet<string> written
    )
    {
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
