using System.Globalization;
using System.Xml.Linq;
using PaperPipeline.Contracts;
using PaperPipeline.Parser.Arxiv;
using PaperPipeline.Parser.Feeds;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Oai;

/// <summary>Reads the metadata of a record, by the format that it is in.</summary>
internal static class OaiRecord
{
    private const string ArxivPrefix = "oai:arXiv.org:";

    // Its acm-class is a copy of msc-class, by a slip in arXiv's template.
    private static readonly string[] Kept = ["report-no", "msc-class", "proxy"];

    /// <summary>True for a format that is read.</summary>
    public static bool Knows(XElement metadata) =>
        metadata.Name.LocalName is "arXiv" or "arXivRaw" or "arXivOld" or "dc";

    /// <summary>The entry; null where it has no title or no id.</summary>
    public static Entry? Read(XElement metadata, XElement? header, DigestContext context) =>
        metadata.Name.LocalName == "dc" ? DublinCore(metadata, header, context) : Arxiv(metadata, context);

    /// <summary>The text of the first element with this name.</summary>
    public static string? Text(XElement around, string name) =>
        around.Elements().FirstOrDefault(e => e.Name.LocalName == name) is { } element ? Text(element) : null;

    private static string? Text(XElement element) => Folding.Fold(element.Value) is { Length: > 0 } text ? text : null;

    private static IEnumerable<XElement> All(XElement around, string name) =>
        around.Elements().Where(e => e.Name.LocalName == name);

    private static Entry? Arxiv(XElement paper, DigestContext context)
    {
        if (Text(paper, "title") is not { } title || PaperIds.Arxiv(Text(paper, "id")) is not { } id)
            return null;
        var versions = Versions(paper);
        var (published, updated) = Dates(paper, id, versions);
        var list = paper.Elements().FirstOrDefault(e => e.Name.LocalName == "authors");
        var isList = list?.HasElements == true;
        var line = list is null || isList ? null : AuthorList.Of(list.Value);
        var comments = Text(paper, "comments");
        var text = Text(paper, "abstract");
        var isWithdrawn =
            ArxivRecord.IsWithdrawn(comments) || ArxivRecord.IsWithdrawn(text) || IsWithdrawn(paper, versions);
        return context.Entry(ArxivRecord.Source, title) with
        {
            Abstract = text,
            Authors = isList
                ? [.. list!.Elements().Select(Name)]
                : line?.Authors.Select(AuthorList.SpaceInitials).ToList(),
            Affiliations = isList
                ? [.. list!.Elements().SelectMany(a => All(a, "affiliation")).Select(Text).OfType<string>()]
                : line?.Affiliations,
            Identifiers = new Identifiers { Arxiv = id.Id, Doi = PaperIds.Doi(Text(paper, "doi")) },
            PaperVersion = versions.Count > 0 ? versions.Max(v => v.Version) : id.Version,
            Versions = versions,
            PublishedAt = published,
            UpdatedAt = updated,
            Withdrawn = isWithdrawn ? true : null,
            Categories = Text(paper, "categories")?.Split(' '),
            Comments = comments,
            JournalRef = Text(paper, "journal-ref"),
            Licence = Text(paper, "license"),
            Submitter = Text(paper, "submitter") is { } submitter ? FeedEntryReader.Person(submitter) : null,
            Extra = Kept.Where(name => Text(paper, name) is not null)
                .ToDictionary(name => name, name => Text(paper, name)!, StringComparer.Ordinal),
        };
    }

    private static string Name(XElement author) =>
        string.Join(
            ' ',
            new[] { Text(author, "forenames"), Text(author, "keyname"), Text(author, "suffix") }.OfType<string>()
        );

    private static List<PaperVersion> Versions(XElement paper)
    {
        var versions = new List<PaperVersion>();
        foreach (var version in All(paper, "version"))
            if (Number(version) is { } number)
                versions.Add(new PaperVersion { Version = number, Date = DigestDates.Read(Text(version, "date")) });
        return versions;
    }

    // "I" stands for a version whose source is ignored, as arXiv says of what was withdrawn.
    private static bool IsWithdrawn(XElement paper, List<PaperVersion> versions) =>
        versions.Count > 0
        && All(paper, "version").FirstOrDefault(v => Number(v) == versions.Max(x => x.Version)) is { } last
        && Text(last, "source_type")?.Contains('I', StringComparison.Ordinal) == true;

    private static int? Number(XElement version) =>
        int.TryParse(
            version.Attribute("version")?.Value.TrimStart('v', 'V'),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
        && number > 0
            ? number
            : null;

    // "created" was the date of the first version once and is that of the last one now. An id holds the month of the first one.
    private static (DateTimeOffset? Published, DateTimeOffset? Updated) Dates(
        XElement paper,
        ArxivId id,
        List<PaperVersion> versions
    )
    {
        if (versions.Count > 0)
            return (
                versions.Find(v => v.Version == 1)?.Date,
                versions.Count > 1 ? versions.MaxBy(v => v.Version)!.Date : null
            );
        var created = DigestDates.Read(Text(paper, "created"));
        var updated = DigestDates.Read(Text(paper, "updated"));
        return created is { } date && date < EndOfMonth(id) ? (created, updated) : (null, updated ?? created);
    }

    private static DateTimeOffset EndOfMonth(ArxivId id)
    {
        var digits = id.Id.AsSpan(id.Id.IndexOf('/', StringComparison.Ordinal) + 1);
        var (year, month) = (
            int.Parse(digits[..2], CultureInfo.InvariantCulture),
            int.Parse(digits[2..4], CultureInfo.InvariantCulture)
        );
        return new DateTimeOffset(year > 90 ? 1900 + year : 2000 + year, month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
    }

    private static Entry? DublinCore(XElement dc, XElement? header, DigestContext context)
    {
        if (Text(dc, "title") is not { } title)
            return null;
        var own = header is null ? null : Text(header, "identifier");
        var isArxiv = own?.StartsWith(ArxivPrefix, StringComparison.OrdinalIgnoreCase) == true;
        var stated = Texts(dc, "identifier");
        var identifiers = PaperIds.Of([isArxiv ? own : null, .. stated.Where(IsIdentifier)]);
        var texts = Texts(dc, "description");
        var dates = Texts(dc, "date").Select(DigestDates.Read).OfType<DateTimeOffset>().Order().ToList();
        var page = stated.Find(FeedAddress.IsWeb);
        return context.Entry(isArxiv ? ArxivRecord.Source : Source(own, page), title) with
        {
            // The abstract comes first, then the comments.
            Abstract = texts.FirstOrDefault(),
            Comments = isArxiv && texts.Count > 1 ? string.Join(' ', texts.Skip(1)) : null,
            Authors = [.. Texts(dc, "creator").Select(AuthorList.Turn)],
            Identifiers = identifiers,
            OwnId = identifiers is null ? own ?? page : null,
            PublishedAt = dates.Count > 0 ? dates[0] : null,
            UpdatedAt = dates.Count > 1 ? dates[^1] : null,
            Withdrawn = texts.Exists(ArxivRecord.IsWithdrawn) ? true : null,
            // arXiv's subjects are names of categories, and classes of mathematics among them; its sets are the categories.
            Categories = isArxiv ? Sets(header!) : Texts(dc, "subject"),
            JournalRef = isArxiv ? stated.Find(s => !IsIdentifier(s)) : Texts(dc, "source").FirstOrDefault(),
            Licence = Texts(dc, "rights").Find(FeedAddress.IsWeb),
            Language = FeedPaper.Language(Text(dc, "language")),
            Links = isArxiv || page is null ? null : [new Link { Url = page, Kind = "paper" }],
            Extra =
                isArxiv && Texts(dc, "subject") is { Count: > 0 } subjects
                    ? new Dictionary<string, string>(StringComparer.Ordinal)
                    {
                        ["subjects"] = string.Join("; ", subjects),
                    }
                    : null,
        };
    }

    private static List<string> Texts(XElement around, string name) =>
        [.. All(around, name).Select(Text).OfType<string>()];

    private static bool IsIdentifier(string text) => FeedAddress.IsWeb(text) || PaperIds.Of(text) is not null;

    private static string Source(string? identifier, string? page) =>
        identifier?.Split(':') is ["oai", { Length: > 0 } repository, ..]
            ? repository.ToLowerInvariant()
            : FeedPaper.Source(page);

    // cs:cs:AI is cs.AI, physics:math-ph is math-ph.
    private static List<string> Sets(XElement header) =>
        [
            .. Texts(header, "setSpec")
                .Select(set => set.Split(':'))
                .Where(parts => parts.Length > 1)
                .Select(parts => string.Join('.', parts.Skip(1))),
        ];
}
