using System.Text.RegularExpressions;
using PaperPipeline.Contracts;
using PaperPipeline.Parser.Content;
using PaperPipeline.Parser.Feeds;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Arxiv;

/// <summary>
/// What arXiv announced on a day, as rss.arxiv.org has it, in RSS 2.0 and in Atom (info.arxiv.org/help/rss_specifications); and
/// as export.arxiv.org/rss had it until 2024, in RSS 1.0.
/// </summary>
internal sealed class ArxivFeedShape : IDigestShape
{
    public string Name => "arxiv-feed";

    public ContentKind Kinds => ContentKind.Xml;

    public Recognition Recognise(DigestContent content) =>
        content.Feed is { } head && (head.IsOf("rss.arxiv.org", "export.arxiv.org", "arxiv.org") || IsTitle(head))
            ? Recognition.Of(new ArxivFeed(content, head), "a feed of rss.arxiv.org or arxiv.org")
            : Recognition.None("a feed of rss.arxiv.org");

    private static bool IsTitle(FeedHead head) =>
        head.Title?.Value.Contains("updates on arXiv.org", StringComparison.Ordinal) == true;
}

/// <summary>The feed, ready to be read.</summary>
internal sealed partial class ArxivFeed(DigestContent content, FeedHead head) : IRecognisedDigest
{
    public DateOnly? Day(DateOnly retrieved) => DigestDates.Day(head.Date);

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        var feed = new XmlFeed(content, context.Address);
        var entries = 0;
        foreach (var item in feed.Read())
        {
            if (item.Entry is not { } found)
            {
                yield return item.Problem!;
                continue;
            }

            entries++;
            yield return IsError(feed.Head)
                ? item.Report($"arXiv answered with an error: {Excerpt(found.Summary?.Value)}")
            : Announcement(found) is { } announcement
                ? announcement.ToEntry(context) is { } entry ? new ParsedEntry(entry)
                    : item.Report("a paper without a title")
            : item.Report("no paper of arXiv: neither its id nor its link is one");
        }

        if (entries == 0 && IsError(feed.Head))
            yield return new ReportedPlace(
                "the whole",
                $"arXiv answered with an error: {Excerpt(feed.Head.Description?.Value)}",
                Excerpt(feed.Head.Title?.Value)
            );
        if (FeedCounts.Listed(feed.Head, entries) is { } listed)
            yield return listed;
    }

    private static bool IsError(FeedHead head) =>
        head.Title?.Value.Contains("Feed error", StringComparison.OrdinalIgnoreCase) == true;

    private static string Excerpt(string? text) => Rejections.Excerpt(Folding.Fold(text ?? ""));

    private static Announced? Announcement(FeedEntry entry)
    {
        var summary = entry.Summary?.Value ?? "";
        var beginning = Beginning().Match(summary);
        var id =
            PaperIds.Arxiv(entry.Id)
            ?? (beginning.Success ? PaperIds.Arxiv(beginning.Groups["id"].Value) : null)
            ?? PaperIds.Arxiv(entry.Link);
        if (id is null)
            return null;
        var title = entry.Title?.Value ?? "";
        var ending = OldTitle().Match(title);
        if (ending.Success && PaperIds.Arxiv(ending.Groups["id"].Value) is { } versioned)
            return new Announced(entry, versioned)
            {
                Title = title[..ending.Index],
                Type = OldType(ending.Groups["type"].Value),
                Abstract = entry.Summary?.Plain,
                Categories = [ending.Groups["category"].Value],
            };
        return new Announced(entry, id.Value)
        {
            Title = title,
            Type = entry.AnnounceType ?? (beginning.Success ? beginning.Groups["type"].Value : null),
            Abstract = beginning.Success ? summary[beginning.Length..] : summary,
            Categories = entry.Categories,
        };
    }

    private static string OldType(string type) =>
        type switch
        {
            "CROSS LISTED" => AnnounceTypes.Cross,
            "UPDATED" => AnnounceTypes.Replace,
            _ => AnnounceTypes.New,
        };

    /// <summary>An announcement: the entry without what the feed put around its texts.</summary>
    private sealed record Announced(FeedEntry Found, ArxivId Id)
    {
        public string Title { get; init; } = "";

        public string? Type { get; init; }

        public string? Abstract { get; init; }

        public IReadOnlyList<string> Categories { get; init; } = [];

        public Entry? ToEntry(DigestContext context)
        {
            if (string.IsNullOrWhiteSpace(Title))
                return null;
            var authors = AuthorList.Of(string.Join(", ", Found.Creators.Concat(Found.Authors).Select(Names)));
            var isKnown =
                Type is AnnounceTypes.New or AnnounceTypes.Cross or AnnounceTypes.Replace or AnnounceTypes.ReplaceCross;
            return context.Entry(ArxivRecord.Source, Title) with
            {
                Abstract = Abstract,
                Authors = authors.Authors,
                Affiliations = authors.Affiliations,
                Identifiers = new Identifiers
                {
                    Arxiv = Id.Id,
                    Doi = Found.Identifiers.Select(PaperIds.Doi).FirstOrDefault(doi => doi is not null),
                },
                PaperVersion = Id.Version,
                // Neither is the paper's own date: the one is the day of the announcement, the other when the feed was built.
                Day = DigestDates.Day(Found.Published),
                AnnounceType = isKnown ? Type : null,
                Withdrawn = ArxivRecord.IsWithdrawn(Abstract) || ArxivRecord.IsWithdrawn(Found.Comment) ? true : null,
                Categories = Categories,
                Comments = Found.Comment,
                JournalRef = Found.JournalRef,
                Licence = Found.Licence ?? Found.Rights,
                Extra =
                    isKnown || Type is null
                        ? null
                        : new Dictionary<string, string>(StringComparer.Ordinal) { ["announceType"] = Type },
            };
        }

        // Until 2024 each name was a link.
        private static string Names(string creators) =>
            creators.Contains("<a ", StringComparison.OrdinalIgnoreCase) ? HtmlText.Of(creators) : creators;
    }

    [GeneratedRegex(
        @"^\s*arXiv:(?<id>\S+)\s+Announce Type:\s*(?<type>[A-Za-z-]+)\s*(?:Abstract:\s*)?",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Beginning();

    [GeneratedRegex(
        @"\.?\s*\(arXiv:(?<id>[^\s()]+)(?:\s+\[(?<category>[^\s\]]+)\])?(?:\s+(?<type>CROSS LISTED|UPDATED))?\)\s*$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex OldTitle();
}
