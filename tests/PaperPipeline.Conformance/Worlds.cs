using CsCheck;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Conformance;

/// <summary>Something that arrives at a store: papers, a decision, or the end of a reading.</summary>
public sealed record Arrival(IReadOnlyList<Observation> Papers, DecisionMade? Decision, DigestParsed? Parsed);

/// <summary>All that is ever said: observations, decisions, and readings of digests by two versions of a parser.</summary>
public sealed record World(
    IReadOnlyList<Observation> Papers,
    IReadOnlyList<DecisionMade> Decisions,
    IReadOnlyDictionary<string, Reading> Readings
)
{
    private const int Entries = 6;

    /// <summary>What a store must export in the end.</summary>
    public IReadOnlyList<string> Expected =>
        [
            .. Resolution
                .Resolve(Papers, new Rulings(new DecisionSet(Decisions), Readings))
                .Select(g => PaperJson.Write(Projection.Project(g))),
        ];

    /// <summary>The orders in which it may arrive: each at least once, some again.</summary>
    public Gen<IReadOnlyList<Arrival>> Arrivals =>
        from batches in Observations.Arrivals(Papers)
        from again in Gen.Bool.List[Decisions.Count, Decisions.Count]
        let rest = Decisions
            .Concat(Decisions.Zip(again).Where(d => d.Second).Select(d => d.First))
            .Select(d => new Arrival([], d, null))
            .Concat(Readings.SelectMany(r => new[] { Parsed(r.Key, 1, Entries), Parsed(r.Key, 2, r.Value.Entries) }))
        from steps in Gen.Shuffle(batches.Select(b => new Arrival(b, null, null)).Concat(rest).ToArray())
        select (IReadOnlyList<Arrival>)steps;

    private static Arrival Parsed(string digest, int version, int entries) =>
        new(
            [],
            null,
            new DigestParsed
            {
                Digest = digest,
                Entries = entries,
                Reported = 0,
                Shape = "test",
                ParserVersion = version,
            }
        );
}

/// <summary>Worlds in which everything meets everything.</summary>
public static class Worlds
{
    /// <summary>Any of them.</summary>
    public static readonly Gen<World> Any =
        from all in Observations.Digests
        from newest in Gen.Int[0, 6].Array[3]
        from reread in Gen.Bool.Array[3]
        let readings = ((string[])["d1", "d2", "d3"])
            .Zip(newest)
            .Zip(reread)
            .Where(r => r.Second)
            .ToDictionary(r => r.First.First, r => new Reading(2, r.First.Second), StringComparer.Ordinal)
        // A version reads no more entries than it says.
        let papers = all.Where(o =>
                o.Entry.ParserVersion < 2
                || !readings.TryGetValue(o.Entry.Digest, out var reading)
                || o.Entry.Ordinal <= reading.Entries
            )
            .ToList()
        from decisions in Decided(all)
        select new World(papers.Count == 0 ? [Observations.Of("d0", 1, "Brief")] : papers, decisions, readings);

    private static Gen<IReadOnlyList<DecisionMade>> Decided(IReadOnlyList<Observation> all) =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 99], Gen.Int[0, 99], Gen.Bool)
            .List[0, 5]
            .Select<List<(int, int, int, bool)>, IReadOnlyList<DecisionMade>>(choices =>
            {
                var made = new List<DecisionMade>();
                foreach (var (kind, a, b, strong) in choices)
                {
                    var (one, other) = (all[a % all.Count], all[b % all.Count]);
                    var decision = new Decision
                    {
                        Kind = "test",
                        DecidedAt = new DateTimeOffset(2026, 6, 1 + made.Count, 0, 0, 0, TimeSpan.Zero),
                    };
                    decision = kind switch
                    {
                        0 when made.Count > 0 => decision with { Undone = made[a % made.Count].Id },
                        1 or 0 => decision with { Papers = [Named(one, strong), Named(other, !strong)] },
                        _ => decision with
                        {
                            Entries = [Reference(one), .. strong ? [Reference(other)] : (EntryReference[])[]],
                            Keys = [.. Keys.Of(one).Concat(Keys.Of(other)).Select(k => k.Value).Distinct()],
                        },
                    };
                    made.Add(
                        new() { Id = $"{made.Count:00000000}{a:00}{b:00}".PadRight(64, 'f'), Decision = decision }
                    );
                }
                return made;
            });

    private static string Named(Observation paper, bool strong) =>
        strong && Keys.Of(paper) is [var key, ..] ? key.Value : Keys.OfEntry(paper.Entry);

    /// <summary>How a decision names an entry.</summary>
    public static EntryReference Reference(Observation paper) =>
        new()
        {
            Digest = paper.Entry.Digest,
            Ordinal = paper.Entry.Ordinal,
            ParserVersion = paper.Entry.ParserVersion,
            Key = Keys.Of(paper) is [var key, ..] ? key.Value : null,
        };
}
