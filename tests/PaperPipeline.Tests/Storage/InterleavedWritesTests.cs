using CsCheck;
using PaperPipeline.Conformance;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.Tests.Storage;

/// <summary>
/// Two writers who carry out their plans on one dictionary of records, which stands for the index: each read and each
/// conditional write of one may come between any two of the other, and either may be killed and begin its message again.
/// </summary>
public sealed class InterleavedWritesTests
{
    private static readonly IReadOnlySet<string> NothingRefused = new HashSet<string>(StringComparer.Ordinal);

    // Out of so many steps, one kill.
    private const int Kills = 40;

    [Fact]
    public void Writers_that_cross_and_die_anywhere_give_the_documents_of_the_pure_functions() =>
        (
            from world in Worlds.Any
            from first in world.Arrivals
            from second in world.Arrivals
            from turns in Gen.Select(Gen.Int[0, 1], Gen.Int[1, Kills]).Array[400]
            select (world, arrivals: new[] { first, second }, turns)
        ).Sample(
            sample =>
            {
                var index = new SharedIndex();
                var processes = sample.arrivals.Select(arrivals => new Process(index, arrivals)).ToArray();
                foreach (var (which, chance) in sample.turns)
                    if (chance == Kills)
                        processes[which].Kill();
                    else
                        processes[which].Step();
                foreach (var process in processes)
                    while (process.Step()) { }
                Assert.Equal(sample.world.Expected, index.Export());
            },
            iter: 1500
        );

    /// <summary>Takes what arrives, one after the other; after its end it begins with what it had in hand.</summary>
    private sealed class Process(SharedIndex index, IReadOnlyList<Arrival> arrivals)
    {
        private readonly Queue<Arrival> left = new(arrivals);
        private Writer writer = new(index);
        private IEnumerator<bool>? inHand;

        public bool Step()
        {
            if (left.Count == 0)
                return false;
            inHand ??= writer.Take(left.Peek()).GetEnumerator();
            if (!inHand.MoveNext())
            {
                inHand = null;
                left.Dequeue();
            }
            return true;
        }

        public void Kill() => (writer, inHand) = (new(index), null);
    }

    /// <summary>Records and what rules them.</summary>
    private sealed class SharedIndex
    {
        private readonly Dictionary<string, PaperRecord> records = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Reading> readings = new(StringComparer.Ordinal);
        private readonly HashSet<(string, int)> notes = [];
        private long writes;

        public DecisionSet Decisions { get; private set; } = DecisionSet.None;

        public Reading? ReadingOf(string digest) => readings.GetValueOrDefault(digest);

        public void Add(DecisionMade decision) => Decisions = Decisions.With(decision);

        public void Add(DigestParsed parsed)
        {
            if (!readings.TryGetValue(parsed.Digest, out var known) || known.ParserVersion < parsed.ParserVersion)
                readings[parsed.Digest] = new(parsed.ParserVersion, parsed.Entries);
        }

        /// <summary>Notes by which versions digests are read; gives how many are noted of these.</summary>
        public int Note(IEnumerable<Observation> batch)
        {
            notes.UnionWith(batch.Select(o => (o.Entry.Digest, o.Entry.ParserVersion)));
            return Noted(batch);
        }

        public int Noted(IEnumerable<Observation> batch) => notes.Count(n => batch.Any(o => o.Entry.Digest == n.Item1));

        public PaperRecord Read(string key) => records.GetValueOrDefault(key) ?? PaperRecord.Absent(key);

        public IEnumerable<PaperRecord> Papers => records.Values.Where(r => r.Observations.Count > 0);

        public bool TryWrite(RecordWrite write, DocumentVersion? condition, out DocumentVersion version)
        {
            version = new(++writes, 1);
            if (Read(write.Known.Key).Version != condition)
                return false;
            records[write.Known.Key] = new(write.Known.Key, version, write.Observations, write.Papers);
            return true;
        }

        public List<string> Export() =>
            [
                .. Papers
                    .OrderBy(r => r.Key, StringComparer.Ordinal)
                    .Select(r => PaperJson.Write(Projection.Project(new(r.Key, r.Observations)))),
            ];
    }

    /// <summary>Writes as the store does; each step is one request.</summary>
    private sealed class Writer(SharedIndex index)
    {
        // What it knows of rulings is as old as its last look.
        private readonly Dictionary<string, Reading> readings = new(StringComparer.Ordinal);
        private DecisionSet decisions = DecisionSet.None;

        public IEnumerable<bool> Take(Arrival arrival)
        {
            if (arrival.Decision is { } decision)
            {
                index.Add(decision);
                yield return true;
                decisions = index.Decisions;
                var keys = decisions.KeysOf(decision);
                foreach (var step in Write([], [.. keys, .. Holders(keys)], []))
                    yield return step;
            }
            else if (arrival.Parsed is { } parsed)
            {
                index.Add(parsed);
                yield return true;
                var rulings = Refresh([parsed.Digest]);
                string[] wrong =
                [
                    .. index
                        .Papers.Where(p => rulings.Apply(p.Observations).Count() < p.Observations.Count)
                        .Select(p => p.Key),
                ];
                yield return true;
                foreach (var step in Write([], wrong, [parsed.Digest]))
                    yield return step;
            }
            else
                foreach (var step in Write(arrival.Papers, [], []))
                    yield return step;
        }

        private Rulings Known(string[] digests) =>
            new(
                decisions,
                digests
                    .Distinct(StringComparer.Ordinal)
                    .Where(readings.ContainsKey)
                    .ToDictionary(d => d, d => readings[d], StringComparer.Ordinal)
            );

        private Rulings Refresh(string[] digests)
        {
            decisions = index.Decisions;
            foreach (var digest in digests)
                if (index.ReadingOf(digest) is { } reading)
                    readings[digest] = reading;
            return Known(digests);
        }

        private IEnumerable<string> Holders(IEnumerable<string> keys)
        {
            var wanted = keys.ToHashSet(StringComparer.Ordinal);
            return index
                .Papers.Where(p => p.Observations.Any(o => wanted.Contains(Keys.OfEntry(o.Entry))))
                .Select(p => p.Key);
        }

        private IEnumerable<bool> Write(IReadOnlyList<Observation> batch, string[] seeds, string[] digests)
        {
            var looked = seeds.ToHashSet(StringComparer.Ordinal);
            var noted = index.Note(batch);
            yield return true;
            var holders = Holders(batch.Select(o => Keys.OfEntry(o.Entry))).ToList();
            for (var attempt = 0; attempt < 100; attempt++)
            {
                var known = new Dictionary<string, PaperRecord>(StringComparer.Ordinal);
                var rulings = Known([]);
                var open = rulings
                    .KeysOf(batch)
                    .Concat(batch.Select(o => Keys.OfEntry(o.Entry)))
                    .Concat(looked)
                    .Concat(holders)
                    .ToHashSet(StringComparer.Ordinal);
                while (open.Count > 0)
                {
                    var next = new HashSet<string>(StringComparer.Ordinal);
                    foreach (var key in open)
                    {
                        var record = known[key] = index.Read(key);
                        next.UnionWith(record.LeadsTo(rulings));
                    }
                    next.ExceptWith(known.Keys);
                    open = next;
                    yield return true;
                }
                List<Observation> all = [.. batch, .. known.Values.SelectMany(r => r.Observations)];
                string[] ruled = [.. all.Select(o => o.Entry.Digest), .. digests];
                rulings = Known(ruled);
                var plan = WritePlan.Of(known, batch, rulings, NothingRefused);
                looked.UnionWith(plan.All.Select(write => write.Known.Key));
                var versions = known.ToDictionary(r => r.Key, r => r.Value.Version, StringComparer.Ordinal);
                var conflicts = 0;
                foreach (var writes in plan.Phases)
                {
                    if (conflicts > 0)
                        break;
                    foreach (var write in writes)
                    {
                        yield return true;
                        if (index.TryWrite(write, versions.GetValueOrDefault(write.Known.Key), out var version))
                            versions[write.Known.Key] = version;
                        else
                            conflicts++;
                    }
                }
                yield return true;
                if (conflicts > 0 || plan.Relied.Any(key => index.Read(key).Version != versions.GetValueOrDefault(key)))
                    continue;
                yield return true;
                var same = Refresh(ruled).AreSameFor(all, rulings);
                if (index.Noted(batch) > noted)
                {
                    noted = index.Note(batch);
                    yield return true;
                    holders = [.. Holders(batch.Select(o => Keys.OfEntry(o.Entry)))];
                }
                else if (same)
                    yield break;
            }
            throw new InvalidOperationException("The writers get into each other's way without end.");
        }
    }
}
