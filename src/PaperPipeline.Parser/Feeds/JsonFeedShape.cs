using System.Text.Json;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Parser.Feeds;

/// <summary>JSON Feed 1.0 and 1.1 (jsonfeed.org).</summary>
internal sealed class JsonFeedShape : IDigestShape
{
    public string Name => "json-feed";

    public ContentKind Kinds => ContentKind.Json;

    public Recognition Recognise(DigestContent content)
    {
        // Items may come before the version, and there may be none.
        if (content.Json.Has("version") && content.Head.Contains("jsonfeed.org/version/", StringComparison.Ordinal))
            return Recognition.Of(new JsonFeed(content), "a version of jsonfeed.org");
        return
            content.Json.Has("items[].id", "items[].content_html")
            || content.Json.Has("items[].id", "items[].content_text")
            ? Recognition.Of(new JsonFeed(content), "items that have id and content_html or content_text")
            : Recognition.None("version of jsonfeed.org, or items with id and content");
    }
}

/// <summary>A JSON feed, ready to be read.</summary>
internal sealed class JsonFeed(DigestContent content) : IRecognisedDigest
{
    // Each entry has a day of its own.
    public DateOnly? Day(DateOnly retrieved) => null;

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        var elements = new JsonElements(content, "items");
        string? source = null;
        foreach (var item in elements.Read())
        {
            source ??= Source(elements);
            yield return item.Problem is { } problem ? problem
            : item.Value.ValueKind == JsonValueKind.Object
                ? Feed.Paper(new FeedItem(item.Position, Entry(item.Value), null), source, context)
            : item.Report("no entry: it is no object");
        }
    }

    // What the feed says of itself may come behind its items.
    private string Source(JsonElements read)
    {
        if (!Has(read))
        {
            read = new JsonElements(content, "items");
            foreach (var _ in read.Read()) { }
        }

        return FeedPaper.Source(
            read.Members.GetValueOrDefault("home_page_url") ?? read.Members.GetValueOrDefault("feed_url")
        );

        static bool Has(JsonElements elements) => elements.Members.ContainsKey("home_page_url");
    }

    /// <summary>The entry as it stands there.</summary>
    public static FeedEntry Entry(JsonElement item)
    {
        var entry = new FeedEntry
        {
            Title = item.Text("title") is { } title ? new FeedText(title, IsMarkup: false) : null,
            Summary = item.Text("summary") is { } summary ? new FeedText(summary, IsMarkup: false) : null,
            Content =
                item.Text("content_text") is { } text ? new FeedText(text, IsMarkup: false)
                : item.Text("content_html") is { } html ? new FeedText(html, IsMarkup: true)
                : null,
            // By the first version it may be a number.
            Id =
                item.Text("id")
                ?? (item.At("id") is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : null),
            Published = item.Text("date_published"),
            Updated = item.Text("date_modified"),
            Language = item.Text("language"),
        };
        // A page elsewhere is what the entry is about.
        foreach (var name in (ReadOnlySpan<string>)["external_url", "url"])
            if (item.Text(name) is { } address)
                entry.Links.Add(new FeedLink(address.Trim(), "alternate"));
        foreach (var attachment in item.Items("attachments"))
            if (attachment.Text("url") is { } address)
                entry.Links.Add(
                    new FeedLink(address, "enclosure", attachment.Text("title"), attachment.Text("mime_type"))
                );
        entry.Authors.AddRange(item.Items("authors").Select(a => a.Text("name")).OfType<string>());
        if (entry.Authors.Count == 0 && item.Text("author", "name") is { } author)
            entry.Authors.Add(author);
        entry.Categories.AddRange(item.Texts("tags"));
        return entry;
    }
}
