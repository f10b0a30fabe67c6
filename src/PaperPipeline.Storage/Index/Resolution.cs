using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index;

/// <summary>A paper: its id and the observations that are one with it, ordered by digest and ordinal.</summary>
/// <param name="Id">The document's id.</param>
/// <param name="Observations">The observations.</param>
public sealed record PaperGroup(string Id, IReadOnlyList<Observation> Observations)
{
    private IReadOnlyList<string>? keys;

    // What a copy is given may have other keys.
    private PaperGroup(PaperGroup other) => (Id, Observations) = (other.Id, other.Observations);

    /// <summary>The keys of its observations, each once.</summary>
    internal IReadOnlyList<string> Keys
    {
        get => keys ??= Distinct(Observations.SelectMany(Index.Keys.Of));
        private init => keys = value;
    }

    /// <summary>A paper whose observations have these keys.</summary>
    internal static PaperGroup With(string id, IReadOnlyList<Observation> observations, IEnumerable<PaperKey> keys) =>
        new(id, observations) { Keys = Distinct(keys) };

    private static string[] Distinct(IEnumerable<PaperKey> keys) =>
        [.. keys.Select(key => key.Value).Distinct(StringComparer.Ordinal)];
}

/// <summary>Decides which observations are one paper. Pure, and independent of order and repetition.</summary>
public static class Resolution
{
    /// <summary>Groups observations into papers, ordered by id, as decisions and the newest readings of digests have it.</summary>
    public static IReadOnlyList<PaperGroup> Resolve(IEnumerable<Observation> all, Rulings rulings) =>
        Resolve(rulings.Apply(all));

    /// <summary>Groups observations into papers, ordered by id.</summary>
    public static IReadOnlyList<PaperGroup> Resolve(IEnumerable<Observation> all)
    {
        var nodes = Merge(all);
        var keys = nodes.Select(Keys.Of).ToArray();
        var groups = new Components(nodes.Count);
        foreach (var kind in Enum.GetValues<KeyKind>())
            groups = Link(groups, nodes, keys, kind);
        return Name(nodes, keys, groups);
    }

    /// <summary>One observation for each entry: the newer reading wins. Ordered by digest and ordinal.</summary>
    public static IReadOnlyList<Observation> Merge(IEnumerable<Observation> all) =>
        [
            .. all.GroupBy(o => (o.Entry.Digest, o.Entry.Ordinal))
                .OrderBy(g => g.Key.Digest, StringComparer.Ordinal)
                .ThenBy(g => g.Key.Ordinal)
                .Select(g => g.Aggregate(Newer)),
        ];

    private static Observation Newer(Observation left, Observation right)
    {
        var order = left.Entry.ParserVersion.CompareTo(right.Entry.ParserVersion);
        if (order == 0)
            order = Nullable.Compare(left.Entry.DayStatedAt, right.Entry.DayStatedAt);
        if (order == 0)
            order = left.Enrichment.Version.CompareTo(right.Enrichment.Version);
        if (order == 0)
            order = string.CompareOrdinal(PaperJson.WriteContent(left), PaperJson.WriteContent(right));
        if (order != 0)
            return order > 0 ? left : right;
        var (enriched, indexed) = (
            Earlier(left.EnrichedAt, right.EnrichedAt),
            Earlier(left.IndexedAt, right.IndexedAt)
        );
        return left.EnrichedAt == enriched && left.IndexedAt == indexed
            ? left
            : left with
            {
                EnrichedAt = enriched,
                IndexedAt = indexed,
            };
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) =>
        left > right ? right : left ?? right;

    // A key links the components that stronger kinds have formed, unless two of them bear different ids of a stronger
    // kind. Where links of one kind chain components into such a contradiction, all of them in that chain are undone.
    private static Components Link(
        Components before,
        IReadOnlyList<Observation> nodes,
        IReadOnlyList<PaperKey>[] keys,
        KeyKind kind
    )
    {
        var links = Carriers(keys, kind)
            .Where(key => !Contradict(key.Nodes.Select(before.Root), before, keys, kind))
            .SelectMany(key => key.IsStatedTitle ? Divide(key.Nodes, before, nodes) : [key.Nodes])
            .ToList();
        if (links.Count == 0)
            return before;
        var after = before.Copy();
        foreach (var link in links)
            after.Union(link);
        var undone = Enumerable
            .Range(0, keys.Length)
            .GroupBy(after.Root)
            .Where(chain => Contradict(chain.Select(before.Root), before, keys, kind))
            .Select(chain => chain.Key)
            .ToHashSet();
        if (undone.Count == 0)
            return after;
        var kept = before.Copy();
        foreach (var link in links)
            if (!undone.Contains(after.Root(link[0])))
                kept.Union(link);
        return kept;
    }

    // A title links what may be one work by its authors and publications.
    private static IEnumerable<List<int>> Divide(
        List<int> carriers,
        Components before,
        IReadOnlyList<Observation> nodes
    )
    {
        var bearers = carriers.Select(before.Root).Distinct().ToList();
        if (bearers.Count == 1)
            return [];
        var works = SameTitle.Divide([.. bearers.Select(b => before.Members(b).Select(node => nodes[node].Entry))]);
        return bearers.Zip(works).GroupBy(b => b.Second, b => b.First).Select(work => work.ToList());
    }

    // Who bears the keys of a kind that several bear.
    private static IEnumerable<(bool IsStatedTitle, List<int> Nodes)> Carriers(
        IReadOnlyList<PaperKey>[] keys,
        KeyKind kind
    )
    {
        var carriers = new Dictionary<string, (bool IsStatedTitle, List<int> Nodes)>(StringComparer.Ordinal);
        for (var node = 0; node < keys.Length; node++)
            foreach (var key in keys[node])
            {
                if (key.Kind != kind)
                    continue;
                var known = carriers.GetValueOrDefault(key.Value, (true, []));
                known.Nodes.Add(node);
                carriers[key.Value] = (known.IsStatedTitle && key.IsStatedTitle, known.Nodes);
            }
        return carriers.Values.Where(carrier => carrier.Nodes.Count > 1);
    }

    private static bool Contradict(
        IEnumerable<int> roots,
        Components before,
        IReadOnlyList<PaperKey>[] keys,
        KeyKind kind
    )
    {
        var seen = new HashSet<(KeyKind, string)>();
        var clusters = new List<HashSet<(string Scope, string Value)>>();
        foreach (var root in roots.Distinct())
        {
            var borne = before.Members(root).SelectMany(node => keys[node]).ToList();
            // Components that stronger kinds have left apart bear different ids where both bear any.
            if (
                borne
                    .Where(k => k.Kind < kind && k.Kind != KeyKind.Decided)
                    .Select(k => (k.Kind, k.Scope))
                    .Distinct()
                    .Any(id => !seen.Add(id))
            )
                return true;
            if (kind is KeyKind.Arxiv or KeyKind.Own)
                foreach (var ids in borne.Where(k => k.Kind == kind).GroupBy(k => k.Scope, StringComparer.Ordinal))
                    Join(clusters, [.. ids.Select(k => (k.Scope, k.Value))]);
        }
        return clusters.GroupBy(ids => ids.First().Scope, StringComparer.Ordinal).Any(scope => scope.Count() > 1);
    }

    // Ids of the kind itself that a stronger kind has made one paper do not contradict each other.
    private static void Join(
        List<HashSet<(string Scope, string Value)>> clusters,
        HashSet<(string Scope, string Value)> ids
    )
    {
        foreach (var cluster in clusters.Where(ids.Overlaps).ToList())
        {
            clusters.Remove(cluster);
            ids.UnionWith(cluster);
        }
        clusters.Add(ids);
    }

    private static List<PaperGroup> Name(
        IReadOnlyList<Observation> nodes,
        IReadOnlyList<PaperKey>[] keys,
        Components groups
    )
    {
        var named = Enumerable
            .Range(0, nodes.Count)
            .GroupBy(groups.Root)
            .Select(g =>
            {
                var members = g.Order().Select(node => nodes[node]).ToList();
                var borne = g.SelectMany(node => keys[node]).ToList();
                return (Id: Strongest(borne)?.Value, Members: members, Keys: borne);
            })
            .ToList();
        var shared = named
            .Where(g => g.Id is not null)
            .GroupBy(g => g.Id, StringComparer.Ordinal)
            .Where(g => g.Count() > 1)
            .Select(g => g.Key)
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. named
                .Select(g =>
                    PaperGroup.With(
                        g.Id is null || shared.Contains(g.Id) ? Keys.OfEntry(g.Members[0].Entry) : g.Id,
                        g.Members,
                        g.Keys
                    )
                )
                .OrderBy(g => g.Id, StringComparer.Ordinal),
        ];
    }

    private static PaperKey? Strongest(List<PaperKey> keys)
    {
        PaperKey? best = null;
        foreach (var key in keys)
            if (
                key.Kind != KeyKind.Decided
                && (
                    best is null
                    || key.Kind < best.Kind
                    || (key.Kind == best.Kind && string.CompareOrdinal(key.Value, best.Value) < 0)
                )
            )
                best = key;
        return best;
    }

    /// <summary>Disjoint sets of nodes.</summary>
    private sealed class Components
    {
        private readonly int[] root;
        private readonly List<int>[] members;

        public Components(int count)
            : this([.. Enumerable.Range(0, count)], [.. Enumerable.Range(0, count).Select(n => new List<int> { n })])
        { }

        private Components(int[] root, List<int>[] members) => (this.root, this.members) = (root, members);

        public Components Copy() => new([.. root], [.. members.Select(m => m.ToList())]);

        public int Root(int node) => root[node];

        public List<int> Members(int rootNode) => members[rootNode];

        public void Union(List<int> nodes)
        {
            for (var i = 1; i < nodes.Count; i++)
            {
                var (into, from) = (root[nodes[0]], root[nodes[i]]);
                if (into == from)
                    continue;
                if (members[into].Count < members[from].Count)
                    (into, from) = (from, into);
                foreach (var node in members[from])
                    root[node] = into;
                members[into].AddRange(members[from]);
                members[from] = [];
            }
        }
    }
}
