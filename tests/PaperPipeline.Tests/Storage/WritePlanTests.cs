using CsCheck;
using PaperPipeline.Conformance;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.Tests.Storage;

/// <summary>
/// Plans carried out on a dictionary of records that stands for the index: whatever was known before, whatever is cut off.
/// </summary>
public sealed class WritePlanTests
{
    private static readonly IReadOnlySet<string> NothingRefused = new HashSet<string>(StringComparer.Ordinal);

    [Fact]
    public void A_paper_with_a_title_alone_is_one_write()
    {
        var plan = WritePlan.Of(
            Empty(),
            [Observations.Of("d", 1, "A long enough title about lanterns")],
            Rulings.None,
            NothingRefused
        );

        Assert.Single(plan.Gains);
        Assert.Empty(plan.Losses);
        Assert.Empty(plan.Relied);
    }

    [Fact]
    public void A_paper_with_an_id_is_two_writes_and_its_keys_come_before_it()
    {
        var paper = Observations.Of("d", 1, "A long enough title about lanterns", arxiv: "2501.00001");

        var plan = WritePlan.Of(Empty(), [paper], Rulings.None, NothingRefused);

        Assert.Equal([0, 1], plan.Gains.Select(write => write.Observations.Count));
        Assert.Equal(plan.Gains[1].Known.Key, Assert.Single(plan.Gains[0].Papers));
        Assert.Empty(plan.Losses);
    }

    [Fact]
    public void What_is_known_already_is_not_written_again() =>
        Observations.Digests.Sample(all =>
        {
            var records = Write(Empty(), all, int.MaxValue);
            foreach (var batch in all.Chunk(3))
            {
                var plan = WritePlan.Of(Component(records, batch), batch, Rulings.None, NothingRefused);
                Assert.Empty(plan.Gains);
                Assert.Empty(plan.Losses);
                Assert.Empty(plan.Relied);
            }
        });

    [Fact]
    public void A_plan_that_is_cut_off_anywhere_loses_nothing_and_is_completed_by_the_same_observations() =>
        (
            from all in Observations.Digests
            from arrivals in Observations.Arrivals(all)
            from cuts in Gen.Int[0, 6].List[arrivals.Count, arrivals.Count]
            select (all, arrivals, cuts)
        ).Sample(world =>
        {
            var records = Empty();
            foreach (var (batch, cut) in world.arrivals.Zip(world.cuts))
            {
                var before = Entries(records);
                records = Write(records, batch, cut);
                Assert.Superset(before, Entries(records));
                records = Write(records, batch, int.MaxValue);
            }
            Assert.Equal(
                PaperStoreConformance.Expected(world.all),
                PaperStoreConformance.Expected(records.Values.SelectMany(r => r.Observations))
            );
            Assert.Equal(
                Resolution.Resolve(world.all).Select(g => g.Id).Order(StringComparer.Ordinal),
                records.Values.Where(r => r.Observations.Count > 0).Select(r => r.Key).Order(StringComparer.Ordinal)
            );
        });

    [Fact]
    public void What_an_entry_linked_is_put_right_after_any_cut_though_its_new_reading_lacks_the_keys_that_led_there()
    {
        Observation[] first =
        [
            Observations.Of("d3", 6, "Short one", arxiv: "2501.00002", doi: "10.1/b"),
            Observations.Of("d1", 2, "A long enough title about lanterns", doi: "10.1/b"),
            Observations.Of("d2", 5, "Another long title about bridges", arxiv: "2501.00001", doi: "10.1/b"),
        ];
        Observation[] second =
        [
            Observations.Of("d3", 6, "Brief", text: "An abstract.", parserVersion: 2),
            Observations.Of("d2", 6, "Brief", arxiv: "2501.00002", text: "An abstract."),
        ];
        var before = Write(Write(Empty(), first[..1], int.MaxValue), first[1..], int.MaxValue);
        var writes = WritePlan.Of(Component(before, second), second, Rulings.None, NothingRefused).All.Count();
        for (var cut = 0; cut <= writes; cut++)
        {
            var after = Write(Write(before, second, cut), second, int.MaxValue);
            Assert.Equal(
                Resolution.Resolve([.. first, .. second]).Select(g => g.Id),
                after.Values.Where(r => r.Observations.Count > 0).Select(r => r.Key).Order(StringComparer.Ordinal)
            );
        }
    }

    [Fact]
    public void What_an_entry_kept_apart_is_one_paper_after_any_cut_of_the_plan_that_removes_the_entry()
    {
        Observation[] left =
        [
            Observations.Of("d1", 2, "A long enough title about lanterns", doi: "10.1/b"),
            Observations.Of("d2", 5, "Another long title about bridges", arxiv: "2501.00001", doi: "10.1/b"),
        ];
        var gone = Observations.Of("d3", 6, "Short one", arxiv: "2501.00002", doi: "10.1/b");
        var before = Write(Write(Empty(), [gone], int.MaxValue), left, int.MaxValue);
        var rulings = new Rulings(DecisionSet.None, Readings(("d3", 0)));
        var plan = WritePlan.Of(before, [], rulings, NothingRefused);
        Assert.NotEmpty(plan.Losses);
        for (var cut = 0; cut <= plan.All.Count(); cut++)
        {
            var after = Carry(plan, before, cut);
            // The end of the reading is given again, and looks for what it removes.
            if (after.Values.Any(r => r.Observations.Contains(gone)))
                after = Carry(WritePlan.Of(after, [], rulings, NothingRefused), after, int.MaxValue);
            Assert.Equal(
                Resolution.Resolve(left).Select(g => g.Id),
                after.Values.Where(r => r.Observations.Count > 0).Select(r => r.Key)
            );
        }
    }

    [Fact]
    public void What_one_writer_removes_is_not_brought_back_by_one_that_dies_while_it_moves_it()
    {
        const string title = "A long enough title about lanterns";
        var (linked, moved) = (Observations.Of("d1", 5, "Brief", arxiv: "2501.00001"), Observations.Of("d2", 6, title));
        Observation[] all = [linked, moved, Observations.Of("d3", 5, title, arxiv: "2501.00001")];
        // One knows that a person has split the entry off, the other that a newer reading of its digest lacks it.
        CrossEverywhere(
            all,
            new Rulings(new([SplitOff(moved)]), Readings(("d1", 0))),
            new Rulings(DecisionSet.None, Readings(("d1", 0), ("d2", 0)))
        );
    }

    [Fact]
    public void What_one_writer_moves_and_removes_is_not_brought_back_by_one_that_moves_it_too()
    {
        Observation[] all =
        [
            Observations.Of("d1", 3, "A long enough title about lanterns", arxiv: "2501.00001"),
            Observations.Of("d1", 2, "A long enough title about lanterns", doi: "10.1/b"),
            Observations.Of("d2", 2, "Another long title about bridges", doi: "10.1/b"),
        ];
        CrossEverywhere(
            all,
            new Rulings(DecisionSet.None, Readings(("d1", 2))),
            new Rulings(DecisionSet.None, Readings(("d1", 2), ("d2", 1)))
        );
    }

    // The mover reads between any two writes of the remover, which goes on after any of the mover's, reads anew after a
    // conflict, and is done; the mover goes on until a conflict, and dies.
    private static void CrossEverywhere(Observation[] all, Rulings known, Rulings newer)
    {
        var before = Write(Empty(), all, int.MaxValue);
        var remover = WritePlan.Of(before, [], newer, NothingRefused);
        for (var read = 0; read <= remover.All.Count(); read++)
        {
            var seen = Carry(remover, before, read);
            var mover = WritePlan.Of(seen, [], known, NothingRefused);
            Assert.True(read > 0 || mover.Losses.Count > 0);
            for (var cut = 0; cut <= mover.All.Count(); cut++)
            {
                var moving = Carry(mover, seen, cut);
                var (removed, conflict) = Try(remover, before, moving, read, int.MaxValue);
                if (conflict)
                    removed = Carry(WritePlan.Of(removed, [], newer, NothingRefused), removed, int.MaxValue);
                var (after, _) = Try(mover, seen, removed, cut, int.MaxValue);
                Assert.All(after.Values, r => Assert.Equal(r.Observations, newer.Apply(r.Observations)));
            }
        }
    }

    private static DecisionMade SplitOff(Observation paper) =>
        new()
        {
            Id = new string('4', 64),
            Decision = new Decision
            {
                Kind = "test",
                DecidedAt = new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero),
                Entries = [Worlds.Reference(paper)],
                Keys = [.. Keys.Of(paper).Select(k => k.Value)],
            },
        };

    private static Dictionary<string, Reading> Readings(params (string Digest, int Entries)[] all) =>
        all.ToDictionary(r => r.Digest, r => new Reading(2, r.Entries), StringComparer.Ordinal);

    // Some writes of a plan, each only where nobody else has written since the plan's records were read, or where the plan
    // has; after a conflict it does not go on to the next phase. True where there was one.
    private static (Dictionary<string, PaperRecord> Records, bool Conflict) Try(
        WritePlan plan,
        Dictionary<string, PaperRecord> read,
        Dictionary<string, PaperRecord> records,
        int from,
        int to
    )
    {
        var (after, number) = (new Dictionary<string, PaperRecord>(records, StringComparer.Ordinal), 0);
        var own = plan.All.Take(from).Select(write => write.Known.Key).ToList();
        foreach (var phase in plan.Phases)
        {
            var conflict = false;
            foreach (var write in phase)
            {
                if (number >= to)
                    return (after, conflict);
                if (number++ < from)
                    continue;
                var key = write.Known.Key;
                var version = after.GetValueOrDefault(key)?.Version;
                var known = (read.GetValueOrDefault(key)?.Version?.SeqNo ?? 0) + own.Count(k => k == key);
                if ((version?.SeqNo ?? 0) != known)
                {
                    conflict = true;
                    continue;
                }
                own.Add(key);
                after[key] = new PaperRecord(key, new DocumentVersion(known + 1, 1), write.Observations, write.Papers);
            }
            if (conflict)
                return (after, true);
        }
        return (after, false);
    }

    // The index after a batch of which so many of the writes are done.
    private static Dictionary<string, PaperRecord> Write(
        Dictionary<string, PaperRecord> records,
        IReadOnlyList<Observation> batch,
        int writes
    ) => Carry(WritePlan.Of(Component(records, batch), batch, Rulings.None, NothingRefused), records, writes);

    private static Dictionary<string, PaperRecord> Empty() => new(StringComparer.Ordinal);

    // The index after so many of the writes of one writer alone.
    private static Dictionary<string, PaperRecord> Carry(
        WritePlan plan,
        Dictionary<string, PaperRecord> records,
        int writes
    ) => Try(plan, records, records, 0, writes).Records;

    // What the index is asked for: everything that shares a key, directly or through others.
    private static Dictionary<string, PaperRecord> Component(
        Dictionary<string, PaperRecord> records,
        IReadOnlyList<Observation> batch
    )
    {
        var found = Empty();
        var open = new Queue<string>(batch.SelectMany(KeysOf));
        // Another reading of an entry may have borne other keys.
        var entries = batch.Select(o => (o.Entry.Digest, o.Entry.Ordinal)).ToHashSet();
        foreach (var holder in records.Values)
            if (holder.Observations.Any(o => entries.Contains((o.Entry.Digest, o.Entry.Ordinal))))
                open.Enqueue(holder.Key);
        while (open.TryDequeue(out var key))
        {
            if (found.ContainsKey(key))
                continue;
            found[key] = records.GetValueOrDefault(key) ?? PaperRecord.Absent(key);
            foreach (var next in found[key].Papers.Concat(found[key].Observations.SelectMany(KeysOf)))
                open.Enqueue(next);
        }
        return found;
    }

    private static IEnumerable<string> KeysOf(Observation observation) =>
        Keys.Of(observation).Select(k => k.Value).Append(Keys.OfEntry(observation.Entry));

    private static HashSet<(string, int)> Entries(Dictionary<string, PaperRecord> records) =>
        [.. records.Values.SelectMany(r => r.Observations).Select(o => (o.Entry.Digest, o.Entry.Ordinal))];
}
