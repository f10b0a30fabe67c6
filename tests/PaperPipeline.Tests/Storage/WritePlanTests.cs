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
            var records = Carry(WritePlan.Of(Empty(), all, Rulings.None, NothingRefused), Empty(), int.MaxValue);
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
                records = Carry(
                    WritePlan.Of(Component(records, batch), batch, Rulings.None, NothingRefused),
                    records,
                    cut
                );
                Assert.Superset(before, Entries(records));
                records = Carry(
                    WritePlan.Of(Component(records, batch), batch, Rulings.None, NothingRefused),
                    records,
                    int.MaxValue
                );
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

    private static Dictionary<string, PaperRecord> Empty() => new(StringComparer.Ordinal);

    // The index after so many of the writes.
    private static Dictionary<string, PaperRecord> Carry(
        WritePlan plan,
        Dictionary<string, PaperRecord> records,
        int writes
    )
    {
        var after = new Dictionary<string, PaperRecord>(records, StringComparer.Ordinal);
        foreach (var write in plan.Gains.Concat(plan.Losses).Take(writes))
            after[write.Known.Key] = new PaperRecord(
                write.Known.Key,
                new DocumentVersion((after.GetValueOrDefault(write.Known.Key)?.Version?.SeqNo ?? 0) + 1, 1),
                write.Observations,
                write.Papers
            );
        return after;
    }

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
