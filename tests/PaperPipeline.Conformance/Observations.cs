using CsCheck;
using PaperPipeline.Contracts;

namespace PaperPipeline.Conformance;

/// <summary>Observations from a small alphabet of ids and titles, so that papers collide in every way.</summary>
public static class Observations
{
    private static readonly string[] Titles =
    [
        "A long enough title about lanterns",
        @"The Long-Enough {T}itle, about Lant\'erns",
        "A long enough title about lanterns and their keepers",
        "Another long title about bridges and tides",
        "Short one",
        "Brief",
    ];

    /// <summary>An observation with what matters to a test.</summary>
    public static Observation Of(
        string digest,
        int ordinal,
        string title,
        string? arxiv = null,
        string? doi = null,
        string? text = null,
        string? own = null,
        int parserVersion = 1,
        string? name = null
    ) =>
        new()
        {
            Entry = new Entry
            {
                Digest = digest,
                Ordinal = ordinal,
                ParserVersion = parserVersion,
                Source = own is null ? "test" : "owner",
                Title = title,
                Abstract = text,
                OwnId = own,
                Identifiers = arxiv is null && doi is null ? null : new Identifiers { Arxiv = arxiv, Doi = doi },
                ObservedAt = new DateTimeOffset(2026, 1, 1 + (ordinal % 20), 0, 0, 0, TimeSpan.Zero),
                TraceId = new string('0', 31) + "1",
            },
            Enrichment = new Enrichment
            {
                Version = 1,
                Title = title,
                Abstract = text,
                Name = name,
            },
        };

    private static Gen<string?> Pick(params string?[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    // Works of one title are told apart by these: two people or groups, and two publications; some say neither.
    private static readonly Gen<(string? Authors, string? Venue)> Works = Gen.Select(
        Pick(null, null, "Ada King; Bo Lee", "A. King", "Cy Ray; Di Sol", "Lee, Bo; Ray, Cy", "Lantern Team"),
        Pick(
            null,
            null,
            "Journal of Lanterns 7 (2019)",
            "J. Lanterns, 2019",
            "Conference on Tides, 2018",
            "Tides 4, 2018"
        )
    );

    // What sources state beside text and ids, in every mixture.
    private static readonly Gen<Func<Entry, Entry>> Facts = Gen.Select(
            Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 2]),
            Gen.Select(
                Pick(null, null, "arxiv", "huggingface"),
                Pick(null, "new", "replace"),
                Pick(null, "b", "a b", "b c")
            ),
            Gen.Select(
                Pick(null, "3 pages", "4 pages"),
                Pick(null, "https://x.org/1", "https://x.org/2"),
                Gen.Int[0, 2]
            ),
            Works
        )
        .Select(
            (numbers, words, more, work) =>
                (Func<Entry, Entry>)(
                    entry =>
                        entry with
                        {
                            Source = words.Item1 ?? entry.Source,
                            OwnId = words.Item1 is null ? entry.OwnId : null,
                            PaperVersion = numbers.Item1 == 0 ? null : numbers.Item1,
                            UpdatedAt = numbers.Item2 == 0 ? null : entry.ObservedAt.AddHours(numbers.Item2),
                            PublishedAt = numbers.Item2 == 1 ? entry.ObservedAt : null,
                            Withdrawn = numbers.Item4 == 0 ? null : numbers.Item4 == 1,
                            Versions = numbers.Item3
                                ?
                                [
                                    new PaperVersion { Version = 1, Date = entry.ObservedAt },
                                    new PaperVersion { Version = 2 },
                                ]
                                : null,
                            AnnounceType = words.Item2,
                            Day = numbers.Item3 ? new DateOnly(2026, 1, 1 + more.Item3) : null,
                            Categories = words.Item3?.Split(' '),
                            Affiliations = words.Item3?.Split(' '),
                            Authors = work.Authors?.Split("; "),
                            Comments = more.Item1,
                            JournalRef = work.Venue,
                            Licence = more.Item2,
                            Submitter = more.Item1,
                            Organization = more.Item1,
                            Language = words.Item2,
                            Links = more.Item2 is { } url
                                ? [new Link { Url = url, Kind = numbers.Item3 ? "code" : "project" }]
                                : null,
                            CodeUrl = numbers.Item3 ? "https://github.com/a/" + more.Item3 : null,
                            Repository = more.Item3 == 2 ? "a/b" : null,
                            Stars = more.Item3 == 0 ? null : numbers.Item1,
                            Extra = more.Item1 is { } text
                                ? new Dictionary<string, string>(StringComparer.Ordinal)
                                {
                                    ["x"] = text,
                                    [words.Item2 ?? "y"] = "z",
                                }
                                : null,
                        }
                )
        );

    private static readonly Gen<Observation> Bare = Gen.Select(
        Gen.Select(Pick("d1", "d2", "d3"), Gen.Int[1, 6], Gen.Int[1, 6].Select(n => n == 6 ? 2 : 1)),
        Pick(Titles),
        Pick(null, null, null, "2501.00001", "arXiv:2501.00001v2", "2501.00002", "https://arxiv.org/pdf/2501.00002v1"),
        Pick(null, null, "10.1/a", "10.1/b", "10.48550/arXiv.2501.00001"),
        Pick(null, "An abstract.", "Another abstract."),
        Gen.Select(Pick(null, null, null, "x", "y"), Gen.Int[0, 5], Gen.Int[0, 2]),
        (entry, title, arxiv, doi, text, said) =>
            Said(
                Of(entry.Item1!, entry.Item2, title!, arxiv, doi, text, said.Item1, parserVersion: entry.Item3),
                said.Item2,
                said.Item3
            )
    );

    private static Observation Said(Observation paper, int votes, int day) =>
        paper with
        {
            Entry = paper.Entry with
            {
                Upvotes = votes == 0 ? null : votes,
                PaperVersion = votes == 0 ? null : 1 + (votes % 2),
                Day = day == 0 ? null : new DateOnly(2026, 1, day),
            },
        };

    /// <summary>Any of them: three digests with few ids and titles, so that papers collide in every way.</summary>
    public static readonly Gen<Observation> Any = Gen.Select(
        Bare,
        Facts,
        (observation, facts) => observation with { Entry = facts(observation.Entry) }
    );

    /// <summary>What digests say, each reading of an entry once, as one version of a parser reads the same bytes always alike.</summary>
    public static readonly Gen<IReadOnlyList<Observation>> Digests = Any.List[1, 14]
        .Select<List<Observation>, IReadOnlyList<Observation>>(list =>
            [.. list.DistinctBy(o => (o.Entry.Digest, o.Entry.Ordinal, o.Entry.ParserVersion))]
        );

    /// <summary>The order in which those arrive: each at least once, some again, in batches of any size.</summary>
    public static Gen<IReadOnlyList<IReadOnlyList<Observation>>> Arrivals(IReadOnlyList<Observation> all) =>
        Gen.Select(Gen.Shuffle(all.ToArray()), Gen.Int[0, all.Count - 1].Select(i => all[i]).List[0, 6], Gen.Int[1, 5])
            .SelectMany(
                (once, again, size) =>
                    Gen.Shuffle(once.Concat(again).ToArray())
                        .Select<Observation[], IReadOnlyList<IReadOnlyList<Observation>>>(arrived =>
                            [.. arrived.Chunk(size)]
                        )
            );
}
