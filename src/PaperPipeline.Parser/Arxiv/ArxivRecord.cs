using System.Text.RegularExpressions;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Arxiv;

/// <summary>
/// What arXiv says of a paper in its text records (info.arxiv.org/help/prep): fields by name, the abstract beside them.
/// </summary>
internal sealed partial class ArxivRecord(ArxivId id)
{
    public const string Source = "arxiv";

    // Kept as they are: nothing of the document is made of them.
    private static readonly string[] Kept = ["Report-no", "MSC-class", "ACM-class"];

    private readonly Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);

    public ArxivId Id { get; } = id;

    public string? Abstract { get; set; }

    public string? AnnounceType { get; set; }

    public string? Submitter { get; set; }

    /// <summary>The source of its last version is ignored, as arXiv says of what was withdrawn.</summary>
    public bool IsIgnored { get; set; }

    public DateTimeOffset? PublishedAt { get; set; }

    public DateTimeOffset? UpdatedAt { get; set; }

    public List<PaperVersion> Versions { get; } = [];

    public string? this[string field]
    {
        get => fields.GetValueOrDefault(field);
        set => fields[field] = value ?? "";
    }

    /// <summary>The entry; null where there is no title.</summary>
    public Entry? ToEntry(DigestContext context)
    {
        if (this["Title"] is not { Length: > 0 } title)
            return null;
        var authors = this["Authors"] is { } names ? AuthorList.Of(names) : null;
        var extra = Kept.Where(name => this[name] is { Length: > 0 })
            .ToDictionary(n => n, n => this[n]!, StringComparer.Ordinal);
        return context.Entry(Source, title) with
        {
            Abstract = Abstract,
            // A listing's authors are as they wrote themselves; a record's as the catalogue has them.
            Authors = AnnounceType is null
                ? authors?.Authors.Select(AuthorList.SpaceInitials).ToList()
                : authors?.Authors,
            Affiliations = authors?.Affiliations,
            Identifiers = new Identifiers { Arxiv = Id.Id, Doi = PaperIds.Doi(this["DOI"]) },
            PaperVersion = Id.Version ?? (Versions.Count > 0 ? Versions.Max(v => v.Version) : null),
            Versions = Versions,
            PublishedAt = PublishedAt,
            UpdatedAt = UpdatedAt,
            AnnounceType = AnnounceType,
            Withdrawn = IsIgnored || IsWithdrawn(this["Comments"]) || IsWithdrawn(Abstract) ? true : null,
            Categories = this["Categories"]?.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Comments = this["Comments"],
            JournalRef = this["Journal-ref"],
            Licence = this["License"],
            Submitter = Submitter,
            Extra = extra,
        };
    }

    /// <summary>True for a comment, or an abstract, that says that the paper is withdrawn.</summary>
    public static bool IsWithdrawn(string? text) => text is not null && Withdrawal().IsMatch(text);

    [GeneratedRegex(
        @"^\W*(?:(?:this|the) (?:paper|article|submission|manuscript|work|preprint|version)s? (?:has|have|is|was)(?: now)?(?: been)?"
            + @"(?: temporarily)? (?:withdrawn|retracted)|withdrawn(?: by| due| because|[.;,]|$)|paper withdrawn)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Withdrawal();
}
