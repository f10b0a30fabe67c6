using System.Text.RegularExpressions;
using PaperPipeline.Contracts;
using PaperPipeline.Parser.Content;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Feeds;

/// <summary>The paper that an entry of a feed announces, or the post about one.</summary>
internal static partial class FeedPaper
{
    // Longer ones are whole posts, and no abstracts.
    private const int LongestContent = 10_000;
    private const int FewestWords = 5;

    /// <summary>The entry; null where it has no title.</summary>
    /// <exception cref="InvalidDataException">A text of it exceeds the limits of HTML.</exception>
    public static Entry? Read(FeedEntry entry, string source, DigestContext context)
    {
        if (entry.Title?.Plain is not { Length: > 0 } title)
            return null;
        var link = entry.Link;
        var identifiers = PaperIds.Of([Stated(entry.Id), .. entry.Identifiers, link]);
        var published = DigestDates.Read(entry.Published);
        var (text, snippet) = Abstract(entry, title);
        return context.Entry(source, title) with
        {
            Abstract = text,
            Authors = Authors(entry),
            Affiliations = entry.Affiliations,
            Identifiers = identifiers,
            OwnId = identifiers is null ? entry.Id ?? link : null,
            PaperVersion = (PaperIds.Arxiv(entry.Id) ?? PaperIds.Arxiv(link))?.Version,
            PublishedAt = published,
            UpdatedAt = DigestDates.Read(entry.Updated),
            Day = published is { } date ? DateOnly.FromDateTime(date.UtcDateTime) : DigestDates.Day(entry.Updated),
            Categories = entry.Categories,
            Comments = entry.Comment,
            JournalRef = entry.JournalRef ?? Journal(entry.Publication),
            Licence = Licence(entry),
            Language = Language(entry.Language),
            Links = Links(entry, link),
            Extra = snippet is null
                ? null
                : new Dictionary<string, string>(StringComparer.Ordinal) { ["snippet"] = snippet },
        };
    }

    /// <summary>The source of a feed: the host that it is of.</summary>
    public static string Source(FeedHead head) => Source(head.Address);

    /// <inheritdoc cref="Source(FeedHead)"/>
    public static string Source(string? address) => FeedAddress.Host(address) ?? "feed";

    /// <summary>A language tag in the forms that feeds have; null for anything else.</summary>
    public static string? Language(string? text) =>
        text?.Trim().Replace('_', '-') is { } tag && LanguageTag().IsMatch(tag) ? tag : null;

    // A number alone may be anything: only in an address, or with its kind, is it an identifier.
    private static string? Stated(string? id) => id?.AsSpan().IndexOfAny(':', '/') >= 0 ? id : null;

    private static List<string> Authors(FeedEntry entry) =>
        entry.Authors.Count > 1 ? entry.Authors
        : entry.Authors.Count == 1 ? Names(entry.Authors[0])
        : entry.Creators.Count > 1
            ?
            [
                .. entry
                    .Creators.Select(c => FeedEntryReader.Person(HtmlText.Of(c)))
                    .OfType<string>()
                    .Select(AuthorList.Turn),
            ]
        : entry.Creators.Count == 1 ? Names(FeedEntryReader.Person(HtmlText.Of(entry.Creators[0])))
        : [];

    /// <summary>
    /// One line of names: "Ada King, Bo Li", but also "King, A., Li, B. C." and "King, Ada", which are turned round.
    /// </summary>
    private static List<string> Names(string? line)
    {
        if (line is null)
            return [];
        var parts = line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (
            parts.Length == 2
            && !parts[0].Contains(' ', StringComparison.Ordinal)
            && !parts[1].Contains(' ', StringComparison.Ordinal)
        )
            return [AuthorList.Turn(line)];
        if (
            parts.Length >= 2
            && parts.Length % 2 == 0
            && parts.Where((_, i) => i % 2 == 1).All(p => Initials().IsMatch(p))
        )
            return [.. parts.Chunk(2).Select(pair => $"{pair[1]} {pair[0]}")];
        return [.. AuthorList.Of(line).Authors];
    }

    // A text that is cut off, or that says nothing beyond the title, is no abstract.
    private static (string? Abstract, string? Snippet) Abstract(FeedEntry entry, string title)
    {
        var summary = entry.Summary?.Plain ?? "";
        if (IsAbstract(summary))
            return (summary, null);
        if (entry.Content?.Plain is { Length: <= LongestContent } content && IsAbstract(content))
            return (content, null);
        return (null, summary.Length > 0 && summary != title ? summary : null);

        bool IsAbstract(string text) =>
            text != title && !Cut().IsMatch(text) && text.Count(c => c == ' ') >= FewestWords - 1;
    }

    private static string? Journal(Dictionary<string, string> publication)
    {
        if (!publication.TryGetValue("publicationname", out var name))
            return null;
        var (volume, number) = (publication.GetValueOrDefault("volume"), publication.GetValueOrDefault("number"));
        var (first, last) = (
            publication.GetValueOrDefault("startingpage"),
            publication.GetValueOrDefault("endingpage")
        );
        return name
            + (volume is null ? "" : " " + volume)
            + (number is null ? "" : $"({number})")
            + (first is null ? "" : ", " + first + (last is null || last == first ? "" : "-" + last));
    }

    private static string? Licence(FeedEntry entry)
    {
        var link = entry.Links.Find(l => l.Relation == "license").Address;
        // Other rights are a copyright notice.
        return entry.Licence ?? link ?? (FeedAddress.IsWeb(entry.Rights) ? entry.Rights : null);
    }

    private static List<Link> Links(FeedEntry entry, string? link)
    {
        var links = new List<Link>();
        if (FeedAddress.IsWeb(link))
            links.Add(new Link { Url = link!, Kind = Repositories.NameOf(link) is null ? "paper" : "code" });
        foreach (var other in entry.Links)
            if (
                other.Type == "application/pdf"
                && other.Relation is "enclosure" or "related" or "alternate"
                && FeedAddress.IsWeb(other.Address)
                && !links.Exists(l => l.Url == other.Address)
            )
                links.Add(new Link { Url = other.Address, Kind = "paper" });
        return links;
    }

    // From the end, where it must stand: else every dot of a long row would be tried.
    [GeneratedRegex(
        @"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\[&hellip;\]|\b(?:read more|continue reading|read the full (?:article|story)).{0,40})[\s\])»→>.]*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.RightToLeft
    )]
    private static partial Regex Cut();

    [GeneratedRegex(@"^(?:\p{Lu}\.?[\s-]*){1,4}$", RegexOptions.CultureInvariant)]
    private static partial Regex Initials();

    [GeneratedRegex(@"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$", RegexOptions.CultureInvariant)]
    private static partial Regex LanguageTag();
}
