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

    /// <summary>The kind of what is noted of a digest.</summary>
    public const string Digest = "digest";

    [SetsRequiredMembers]
    private PaperSource(PaperDocument document, IReadOnlyList<Observation> observations, IReadOnlyList<string>? papers)
        : base(document)
    {
        Papers = papers;
        Search = SearchText.Of(document);
        var clean = new OriginalText(document.Title, document.Abstract);
        var text = new DocumentText(document.Original ?? clean, clean);
        if (document.Original == clean)
            Original = null;
        (Observations, SameText) = text.TakeFrom(observations);
        var entries = observations.Select(o => o.Entry).ToList();
        Entries = [.. entries.Select(e => TextNumber.Of(Keys.OfEntry(e)))];
        // How often a digest names the paper: d/1 for once, d/1 and d/2 for twice, so that counting them counts entries.
        Announced =
        [
            .. entries
                .GroupBy(e => e.Digest, StringComparer.Ordinal)
                .SelectMany(g => Enumerable.Range(1, g.Count()).Select(n => $"{g.Key}/{n}")),
        ];
    }

    /// <summary><see cref="Paper"/>.</summary>
    [JsonPropertyName("kind")]
    public string Kind { get; } = Paper;

    /// <summary>Other papers that bear this one's id as a key.</summary>
    public IReadOnlyList<string>? Papers { get; }

    /// <summary>The entries of digests that are this paper, by the <see cref="TextNumber"/> of their keys.</summary>
    public IReadOnlyList<int> Entries { get; }

    /// <summary>How often each digest names it.</summary>
    public IReadOnlyList<string> Announced { get; }

    /// <summary>What is searched.</summary>
    public SearchText Search { get; }

    /// <summary>What the document is computed from; see <see cref="SameText"/>.</summary>
    public IReadOnlyList<Observation> Observations { get; }

    /// <summary>Which of the observations lack title and abstract, because they are the document's: their places from 0.</summary>
    public IReadOnlyList<int> SameText { get; }

    /// <summary>A paper for the index.</summary>
    public static PaperSource Of(PaperGroup group, IReadOnlyList<string>? papers) =>
        new(Projection.Project(group), group.Observations, papers);

    /// <summary>What the papers that a digest names have in <see cref="Announced"/>.</summary>
    public static string AnnouncedOnce(string digest) => digest + "/1";
}

/// <summary>Folded text, as queries are folded too.</summary>
/// <param name="Title">The title.</param>
internal sealed record SearchText(string Title)
{
    /// <summary>The <see cref="TextNumber"/> of the title, by which the very title is found.</summary>
    public int? TitleNumber { get; private init; }

    /// <summary>The name.</summary>
    public string? Name { get; private init; }

    /// <summary>The number of the name.</summary>
    public int? NameNumber { get; private init; }

    /// <summary>The abstract.</summary>
    public string? Abstract { get; private init; }

    /// <summary>What is searched of a document.</summary>
    public static SearchText Of(PaperDocument document)
    {
        var title = Folding.Fold(document.Title);
        var name = document.Name is { } plain ? Folding.Fold(plain) : null;
        return new(title)
        {
            TitleNumber = TextNumber.Of(title),
            Name = name,
            NameNumber = name is null ? null : TextNumber.Of(name),
            Abstract = document.Abstract is { } text ? Folding.Fold(text) : null,
        };
    }
}

/// <summary>What leads to papers and is none itself.</summary>
/// <remarks>
/// Its title is empty rather than absent: where half of the documents lack a field with norms, these are looked up so
/// slowly that a pointer costs the server half as much as a paper.
/// </remarks>
internal sealed record PointerSource(string Kind, IReadOnlyList<string> Papers)
{
    /// <summary>Empty.</summary>
    public SearchText Search { get; } = new("");
}

/// <summary>What is noted of a digest before its papers are written.</summary>
/// <param name="Kind"><see cref="PaperSource.Digest"/>.</param>
/// <param name="Readings">The versions of the parser that have read it.</param>
internal sealed record DigestSource(string Kind, IReadOnlyList<string> Readings)
{
    /// <summary>Empty, as a pointer's.</summary>
    public SearchText Search { get; } = new("");
}
