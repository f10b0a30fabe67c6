using System.Globalization;
using System.Xml.Linq;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Parser.Feeds;

/// <summary>One entry of a feed, or a place that belongs to none.</summary>
internal readonly record struct FeedItem(string Position, FeedEntry? Entry, ReportedPlace? Problem)
{
    /// <summary>Reports the entry.</summary>
    public ReportedPlace Report(string reason) =>
        new(
            Position,
            reason,
            ServiceDefaults.Messaging.Rejections.Excerpt(
                Folding.Fold(Entry?.Title?.Value ?? Entry?.Id ?? Entry?.Summary?.Value ?? "")
            )
        );
}

/// <summary>
/// Reads RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, and CDF, entry by entry, as their writers mean them: by local names,
/// whatever the case, in whatever version's namespace.
/// </summary>
/// <param name="content">The feed.</param>
/// <param name="address">Where it was retrieved, where that is known.</param>
internal sealed class XmlFeed(DigestContent content, string? address = null)
{
    // Those that say where a feed is from come first.
    private const int MostLinks = 100;

    // What the versions of RSS and Atom have beside entries; extensions have namespaces of their own.
    private static readonly HashSet<string> Furniture = new(StringComparer.Ordinal)
    {
        "a",
        "abstract",
        "author",
        "category",
        "cloud",
        "content",
        "contributor",
        "copyright",
        "description",
        "docs",
        "expirationdate",
        "generator",
        "icon",
        "image",
        "info",
        "issued",
        "items",
        "language",
        "lastbuilddate",
        "li",
        "logo",
        "managingeditor",
        "modified",
        "name",
        "pubdate",
        "published",
        "rating",
        "rights",
        "schedule",
        "self",
        "skipdays",
        "skiphours",
        "subtitle",
        "summary",
        "tagline",
        "textinput",
        "ttl",
        "updated",
        "url",
        "webmaster",
    };

    /// <summary>What the feed says of itself; complete once the entries are read.</summary>
    public FeedHead Head { get; } = new();

    /// <summary>What a feed says of itself before its first entry; null where the content is no feed.</summary>
    public static FeedHead? HeadOf(DigestContent content)
    {
        var feed = new XmlFeed(content);
        foreach (var item in feed.Read())
            if (item.Entry is not null || !feed.IsFeed)
                break;
        return feed.IsFeed ? feed.Head : null;
    }

    /// <summary>The entries, in order, and what belongs to none.</summary>
    public IEnumerable<FeedItem> Read()
    {
        var elements = new XmlElements(content, "channel");
        Vocabularies? vocabularies = null;
        XElement? alone = null;
        foreach (var item in elements.Read())
        {
            if (vocabularies is null && elements.Top is { } top)
            {
                vocabularies = Begin(top);
                alone = Head.Root == "entry" ? top : null;
            }

            if (item.Problem is { } problem)
            {
                alone = null;
                yield return new FeedItem(problem.Position, null, problem);
            }
            else if (alone is not null)
            {
                alone.Add(item.Value);
            }
            else if (IsEntry(item.Value, vocabularies!))
            {
                yield return new FeedItem(item.Position, Entry(item.Value, vocabularies!), null);
            }
            else if (!Take(item.Value, vocabularies!))
            {
                yield return new FeedItem(
                    item.Position,
                    null,
                    item.Report($"no element of a feed: {item.Value.Name.LocalName}")
                );
            }
        }

        if (vocabularies is null && elements.Top is { } empty)
            Begin(empty);
        if (alone is not null)
            yield return new FeedItem("element 1", Entry(alone, vocabularies!), null);
    }

    private bool IsFeed => Head.Root is "rss" or "rdf" or "feed" or "channel" or "entry";

    private Vocabularies Begin(XElement top)
    {
        Head.Root = top.Name.LocalName.ToLowerInvariant();
        Head.Base = top.Attribute(XNamespace.Xml + "base")?.Value;
        Head.Language = top.Attribute(XNamespace.Xml + "lang")?.Value;
        return new Vocabularies(top.Name.NamespaceName);
    }

    private FeedEntry Entry(XElement element, Vocabularies vocabularies) =>
        FeedEntryReader.Read(element, vocabularies, Head.Base, address);

    private static bool IsEntry(XElement element, Vocabularies vocabularies) =>
        vocabularies.Of(element.Name.NamespaceName) == Vocabulary.Core
        && element.Name.LocalName.ToLowerInvariant() is "item" or "entry";

    // False for what no feed has: perhaps what became of the entries.
    private bool Take(XElement element, Vocabularies vocabularies)
    {
        var name = element.Name.LocalName.ToLowerInvariant();
        switch (vocabularies.Of(element.Name.NamespaceName), name)
        {
            case (Vocabulary.Core or Vocabulary.DublinCore, "title"):
                Head.Title ??= FeedText.Of(element);
                return true;
            case (Vocabulary.Core, "id"):
                Head.Id ??= Text(element);
                return true;
            case (Vocabulary.Core, "link"):
                if (FeedEntryReader.Link(element, Head.Base, address) is { } link)
                {
                    if (Head.Links.Count < MostLinks)
                        Head.Links.Add(link);
                }
                return true;
            case (Vocabulary.Core, "description" or "subtitle" or "tagline"):
                Head.Description ??= FeedText.Of(element);
                return true;
            case (Vocabulary.Core, "pubdate" or "updated" or "modified") or (Vocabulary.DublinCore, "date"):
                Head.Date ??= Text(element);
                return true;
            case (Vocabulary.Core, "lastbuilddate"):
                Head.Date ??= Text(element);
                return true;
            case (Vocabulary.Core or Vocabulary.DublinCore, "language"):
                Head.Language = Text(element) ?? Head.Language;
                return true;
            case (Vocabulary.Core, "items"):
                Head.Listed = element.Descendants().Count(e => e.Name.LocalName == "li");
                return true;
            case (Vocabulary.OpenSearch, "totalresults"):
                Head.TotalResults = Number(element);
                return true;
            case (Vocabulary.OpenSearch, "itemsperpage"):
                Head.ItemsPerPage = Number(element);
                return true;
            case (Vocabulary.OpenSearch, "startindex"):
                Head.StartIndex = Number(element);
                return true;
            case (Vocabulary.Core, _):
                return Furniture.Contains(name);
            default:
                return true;
        }
    }

    private static string? Text(XElement element) => Folding.Fold(element.Value) is { Length: > 0 } text ? text : null;

    private static int? Number(XElement element) =>
        int.TryParse(
            element.Value,
            NumberStyles.None | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;
}
