using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PaperPipeline.Parser.Feeds;

/// <summary>Reads an entry of an XML feed.</summary>
internal static partial class FeedEntryReader
{
    private static readonly XName Base = XNamespace.Xml + "base";

    /// <summary>The entry.</summary>
    /// <param name="element">The item or entry.</param>
    /// <param name="vocabularies">What the feed's namespaces mean.</param>
    /// <param name="around">What the feed says that addresses are relative to.</param>
    /// <param name="address">Where the feed was retrieved.</param>
    public static FeedEntry Read(XElement element, Vocabularies vocabularies, string? around, string? address)
    {
        var entry = new FeedEntry { Language = element.Attribute(XNamespace.Xml + "lang")?.Value };
        var rest = new Fallbacks();
        var own = element.Attribute(Base)?.Value;
        foreach (var child in element.Elements())
        {
            var name = child.Name.LocalName.ToLowerInvariant();
            switch (vocabularies.Of(child.Name.NamespaceName))
            {
                case Vocabulary.Core when name == "link":
                    if (Link(child, own, around, address) is { } link)
                        entry.Links.Add(link);
                    break;
                case Vocabulary.Core:
                    Core(entry, rest, name, child, vocabularies);
                    break;
                case Vocabulary.DublinCore:
                    DublinCore(entry, rest, name, child);
                    break;
                case Vocabulary.DublinCoreTerms:
                    Terms(entry, rest, name, child);
                    break;
                case Vocabulary.Prism:
                    Prism(entry, rest, name, child);
                    break;
                case Vocabulary.Arxiv:
                    Arxiv(entry, name, child);
                    break;
                case Vocabulary.Content when name == "encoded":
                    entry.Content ??= FeedText.Guess(child.Value);
                    break;
                case Vocabulary.Licence when name == "license":
                    entry.Licence ??=
                        Text(child) ?? child.Attributes().FirstOrDefault(a => a.Name.LocalName == "resource")?.Value;
                    break;
                // The link of the entry leads to a service that counts.
                case Vocabulary.FeedBurner when name == "origlink" && Text(child) is { } original:
                    entry.Links.Insert(0, new FeedLink(original, "alternate"));
                    break;
                case Vocabulary.Media or Vocabulary.Itunes:
                    Media(rest, name, child);
                    break;
            }
        }

        // What is about the entry, or its address in CDF.
        foreach (var attribute in element.Attributes())
            if (attribute.Name.LocalName == "about")
                entry.Id ??= attribute.Value.Trim();
            else if (attribute.Name.LocalName.Equals("href", StringComparison.OrdinalIgnoreCase))
                entry.Links.Add(new FeedLink(FeedAddress.Resolve(attribute.Value, own, around, address), "alternate"));
        rest.Apply(entry);
        return entry;
    }

    /// <summary>A link: an address as its text, as RSS has it, or with its relation, as Atom has it.</summary>
    public static FeedLink? Link(XElement element, params ReadOnlySpan<string?> around)
    {
        var own = element.Attribute(Base)?.Value;
        var value = element.Attribute("href")?.Value ?? element.Value;
        if (string.IsNullOrWhiteSpace(value))
            return null;
        var relation = element.Attribute("rel")?.Value.Trim().ToLowerInvariant() ?? "alternate";
        if (relation.StartsWith("http://www.iana.org/assignments/relation/", StringComparison.Ordinal))
            relation = relation[(relation.LastIndexOf('/') + 1)..];
        return new FeedLink(
            FeedAddress.Resolve(value, [own, .. around]),
            relation.Length == 0 ? "alternate" : relation,
            element.Attribute("title")?.Value,
            element.Attribute("type")?.Value
        );
    }

    /// <summary>The name of a person without the address that RSS has beside it; null where there is no name.</summary>
    public static string? Person(string? text)
    {
        if (text is null)
            return null;
        var named = InParentheses().Match(text);
        var name = named.Success ? named.Groups["name"].Value : Mail().Replace(text, " ");
        return Folding.Fold(name).Trim('<', '>', '(', ')', '"', ' ') is { Length: > 0 } person ? person : null;
    }

    private static void Core(FeedEntry entry, Fallbacks rest, string name, XElement child, Vocabularies vocabularies)
    {
        switch (name)
        {
            case "title":
                entry.Title ??= FeedText.Of(child);
                break;
            case "id" or "guid":
                entry.Id ??= Text(child);
                break;
            case "summary":
                entry.Summary ??= FeedText.Of(child);
                break;
            case "description" or "abstract":
                rest.Description ??= FeedText.Of(child);
                break;
            case "content":
                entry.Content ??= FeedText.Of(child);
                break;
            case "author":
                Author(entry, child, vocabularies);
                break;
            case "category":
                if ((child.Attribute("term")?.Value ?? Text(child) ?? child.Attribute("label")?.Value) is { } category)
                    entry.Categories.Add(category);
                break;
            case "published" or "pubdate" or "issued":
                entry.Published ??= Text(child);
                break;
            case "updated" or "modified":
                entry.Updated ??= Text(child);
                break;
            case "rights" or "copyright":
                entry.Rights ??= Text(child);
                break;
            case "language":
                entry.Language = Text(child) ?? entry.Language;
                break;
            case "enclosure":
                if (child.Attribute("url")?.Value is { Length: > 0 } enclosed)
                    entry.Links.Add(new FeedLink(enclosed.Trim(), "enclosure", null, child.Attribute("type")?.Value));
                break;
        }
    }

    private static void Author(FeedEntry entry, XElement child, Vocabularies vocabularies)
    {
        if (!child.HasElements)
        {
            if (Person(child.Value) is { } person)
                entry.Authors.Add(person);
            return;
        }

        foreach (var part in child.Elements())
        {
            var vocabulary = vocabularies.Of(part.Name.NamespaceName);
            if (part.Name.LocalName.Equals("name", StringComparison.OrdinalIgnoreCase) && Text(part) is { } name)
                entry.Authors.Add(name);
            else if (vocabulary == Vocabulary.Arxiv && part.Name.LocalName == "affiliation" && Text(part) is { } place)
                entry.Affiliations.Add(place);
        }
    }

    private static void DublinCore(FeedEntry entry, Fallbacks rest, string name, XElement child)
    {
        if (Text(child) is not { } text)
            return;
        switch (name)
        {
            case "title":
                rest.Title ??= FeedText.Of(child);
                break;
            case "creator" or "author":
                entry.Creators.Add(child.Value);
                break;
            case "description":
                rest.Description ??= FeedText.Of(child);
                break;
            case "subject":
                entry.Categories.Add(text);
                break;
            case "date":
                rest.Date ??= text;
                break;
            case "identifier":
                entry.Identifiers.Add(text);
                break;
            case "rights":
                entry.Rights ??= text;
                break;
            case "language":
                entry.Language ??= text;
                break;
        }
    }

    private static void Terms(FeedEntry entry, Fallbacks rest, string name, XElement child)
    {
        if (Text(child) is not { } text)
            return;
        switch (name)
        {
            case "issued" or "created":
                rest.Date ??= text;
                break;
            case "modified":
                entry.Updated ??= text;
                break;
            case "abstract":
                rest.Description ??= FeedText.Of(child);
                break;
            case "license":
                entry.Licence ??= text;
                break;
            case "identifier":
                entry.Identifiers.Add(text);
                break;
        }
    }

    private static void Prism(FeedEntry entry, Fallbacks rest, string name, XElement child)
    {
        if (Text(child) is not { } text)
            return;
        switch (name)
        {
            case "doi":
                entry.Identifiers.Insert(0, text);
                break;
            case "publicationdate" or "coverdate" or "publishdate":
                rest.Date ??= text;
                break;
            case "url":
                rest.Link ??= text;
                break;
            case "publicationname" or "volume" or "number" or "startingpage" or "endingpage":
                entry.Publication.TryAdd(name, text);
                break;
        }
    }

    private static void Arxiv(FeedEntry entry, string name, XElement child)
    {
        if (name == "primary_category")
            entry.PrimaryCategory ??= child.Attribute("term")?.Value;
        if (Text(child) is not { } text)
            return;
        switch (name)
        {
            case "announce_type":
                entry.AnnounceType ??= text;
                break;
            case "doi":
                entry.Identifiers.Insert(0, text);
                break;
            case "journal_ref" or "journal_reference":
                entry.JournalRef ??= text;
                break;
            case "comment":
                entry.Comment ??= text;
                break;
        }
    }

    private static void Media(Fallbacks rest, string name, XElement child)
    {
        switch (name)
        {
            case "title":
                rest.Title ??= FeedText.Of(child);
                break;
            case "summary" or "description":
                rest.Summary ??= FeedText.Of(child);
                break;
            case "author":
                rest.Author ??= Person(child.Value);
                break;
        }
    }

    private static string? Text(XElement element) => Folding.Fold(element.Value) is { Length: > 0 } text ? text : null;

    [GeneratedRegex(@"^\s*<?[^\s<>@()]+@[^\s<>@()]+>?\s*\((?<name>[^()]+)\)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex InParentheses();

    // It begins where a word begins: else a word without an address would be looked through from each of its letters.
    [GeneratedRegex(@"\(?<?(?<![^\s<>@()])[^\s<>@()]+@[^\s<>@()]+>?\)?", RegexOptions.CultureInvariant)]
    private static partial Regex Mail();

    /// <summary>What counts where the entry has nothing better.</summary>
    private sealed class Fallbacks
    {
        public FeedText? Title { get; set; }

        public FeedText? Summary { get; set; }

        public FeedText? Description { get; set; }

        public string? Author { get; set; }

        public string? Date { get; set; }

        public string? Link { get; set; }

        public void Apply(FeedEntry entry)
        {
            entry.Title ??= Title;
            entry.Published ??= Date;
            // A description beside a summary is the whole text.
            if (entry.Summary is not null)
                entry.Content ??= Description;
            entry.Summary ??= Description ?? Summary;
            if (Author is not null && entry.Authors.Count == 0 && entry.Creators.Count == 0)
                entry.Authors.Add(Author);
            if (Link is not null && !entry.Links.Exists(l => l.Relation == "alternate"))
                entry.Links.Add(new FeedLink(Link, "alternate"));
        }
    }
}
