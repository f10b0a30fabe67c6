using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>A paper as it is indexed: its document, its folded text, its observations.</summary>
internal sealed record PaperSource : PaperDocument
{
    /// <summary>The <see cref="Kind"/> of a paper.</summary>
    public const string Paper = "paper";

    /// <summary>The kind of what only leads to papers: a key, or a paper that became part of another.</summary>
    public const string Pointer = "pointer";

    [SetsRequiredMembers]
    private PaperSource(PaperDocument document, IReadOnlyList<Observation> observations, IReadOnlyList<string>? papers)
        : base(document)
    {
        (Observations, Papers) = (observations, papers);
        Search = new SearchText(
            Folding.Fold(document.Title),
            document.Name is { } name ? Folding.Fold(name) : null,
            document.Abstract is { } text ? Folding.Fold(text) : null
        );
        var entries = observations.Select(o => o.Entry).ToList();
        Entries = [.. entries.Select(EntryId)];
        // How often a digest names the paper: d/1 for once, d/1 and d/2 for twice, so that counting them counts entries.
        Announced =
        [
            .. entries
                .GroupBy(e => e.Digest, StringComparer.Ordinal)
                .SelectMany(g => Enumerable.Range(1, g.Count()).Select(n => $"{g.Key}/{n}")),
        ];
        Readings = [.. entries.Select(e => Reading(e.Digest, e.ParserVersion)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary><see cref="Paper"/>.</summary>
    [JsonPropertyName("kind")]
    public string Kind { get; } = Paper;

    /// <summary>Other papers that bear this one's id as a key.</summary>
    public IReadOnlyList<string>? Papers { get; }

    /// <summary>The entries of digests that are this paper.</summary>
    public IReadOnlyList<string> Entries { get; }

    /// <summary>How often each digest names it.</summary>
    public IReadOnlyList<string> Announced { get; }

    /// <summary>The readings its entries come from: digest and version of the parser.</summary>
    public IReadOnlyList<string> Readings { get; }

    /// <summary>What is searched.</summary>
    public SearchText Search { get; }

    /// <summary>What the document is computed from.</summary>
    public IReadOnlyList<Observation> Observations { get; }

    /// <summary>A paper for the index.</summary>
    public static PaperSource Of(PaperGroup group, IReadOnlyList<string>? papers) =>
        new(Projection.Project(group), group.Observations, papers);

    /// <summary>An entry's name in the index.</summary>
    public static string EntryId(Entry entry) => $"{entry.Digest}#{entry.Ordinal}";

    /// <summary>What the papers that a digest names have in <see cref="Announced"/>.</summary>
    public static string AnnouncedOnce(string digest) => digest + "/1";

    /// <summary>A reading's name in the index.</summary>
    public static string Reading(string digest, int parserVersion) => $"{digest}/{parserVersion}";
}

/// <summary>Folded text, as queries are folded too.</summary>
internal sealed record SearchText(string Title, string? Name, string? Abstract);

/// <summary>What leads to papers and is none itself.</summary>
internal sealed record PointerSource(string Kind, IReadOnlyList<string> Papers);
