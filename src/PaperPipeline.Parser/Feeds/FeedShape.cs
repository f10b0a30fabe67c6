using System.Globalization;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Parser.Feeds;

/// <summary>
/// Any feed: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 (RFC 4287), CDF; its entries are papers, or posts about papers.
/// </summary>
internal sealed class FeedShape : IDigestShape
{
    public string Name => "feed";

    public ContentKind Kinds => ContentKind.Xml;

    public Recognition Recognise(DigestContent content) =>
        content.Feed is { } head
            ? Recognition.Of(new Feed(content, head), $"root element {head.Root}, as feeds have it")
            : Recognition.None("root element rss, RDF, feed, entry or channel");
}

/// <summary>A feed, ready to be read.</summary>
internal sealed class Feed(DigestContent content, FeedHead head) : IRecognisedDigest
{
    // The day on which it was made says when its entries were there, but they have days of their own.
    public DateOnly? Day(DateOnly retrieved) => DigestDates.Day(head.Date);

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        var feed = new XmlFeed(content, context.Address);
        var source = FeedPaper.Source(head);
        var entries = 0;
        foreach (var item in feed.Read())
        {
            if (item.Entry is not null)
                entries++;
            yield return Paper(item, source, context);
        }

        if (entries == 0 && feed.Head is { Title: null, Id: null, Links.Count: 0 })
            yield return new ReportedPlace("the whole", "a feed without entries that says nothing of itself", "");
        if (FeedCounts.Listed(feed.Head, entries) is { } listed)
            yield return listed;
        if (FeedCounts.Page(feed.Head, entries) is { } page)
            yield return page;
    }

    /// <summary>The entry, or what is to be reported of it.</summary>
    public static ParsedItem Paper(FeedItem item, string source, DigestContext context)
    {
        if (item.Entry is not { } found)
            return item.Problem!;
        try
        {
            return FeedPaper.Read(found, source, context) is { } entry
                ? new ParsedEntry(entry)
                : item.Report("an entry without a title");
        }
        catch (InvalidDataException refused)
        {
            return item.Report($"its HTML cannot be read: {refused.Message}");
        }
    }
}

/// <summary>Compares what a feed declares with what was read.</summary>
internal static class FeedCounts
{
    /// <summary>The list of entries that RSS 1.0 has at its top.</summary>
    public static ReportedPlace? Listed(FeedHead head, int entries) =>
        head.Listed is { } listed && listed != entries
            ? Place($"the feed lists {listed} entries; {entries} were read")
            : null;

    /// <summary>
    /// OpenSearch's counts, as far as a page says: there are as many entries as fit on it, or as are left. Where it begins is
    /// counted from 1 by the standard and from 0 by many.
    /// </summary>
    public static ReportedPlace? Page(FeedHead head, int entries)
    {
        if (head is not { TotalResults: { } total, ItemsPerPage: { } size, StartIndex: { } start })
            return null;
        var least = Math.Min(size, Math.Max(0, total - start));
        var most = Math.Min(size, Math.Max(0, total - Math.Max(0, start - 1)));
        return entries >= least && entries <= most
            ? null
            : Place($"of {total} results the page should hold {most} from {start} on; {entries} were read");
    }

    private static ReportedPlace Place(FormattableString reason) =>
        new("declared count", reason.ToString(CultureInfo.InvariantCulture), "");
}
