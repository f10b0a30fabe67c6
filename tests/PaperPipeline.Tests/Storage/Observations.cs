using CsCheck;
using PaperPipeline.Contracts;

namespace PaperPipeline.Tests.Storage;

/// <summary>Observations from a small alphabet of ids and titles, so that papers collide in every way.</summary>
internal static class Observations
{
    private static readonly string[] Titles =
    [
        "A long enough title about lanterns",
        "Another long title about bridges and tides",
        "Short one",
        "Brief",
    ];

    public static Observation Of(
        string digest,
        int ordinal,
        string title,
        string? arxiv = null,
        string? doi = null,
        string? text = null,
        string? own = null,
        int parserVersion = 1
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
            },
        };

    private static Gen<string?> Pick(params string?[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    public static readonly Gen<Observation> Any = Gen.Select(
        Pick("d1", "d2", "d3"),
        Gen.Int[1, 6],
        Pick(Titles),
        Pick(null, null, "2501.00001", "2501.00002"),
        Pick(null, null, "10.1/a", "10.1/b"),
        Pick(null, "An abstract.", "Another abstract."),
        Pick(null, null, null, "x", "y"),
        (digest, ordinal, title, arxiv, doi, text, own) => Of(digest!, ordinal, title!, arxiv, doi, text, own)
    );
}
