using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using PaperPipeline.Contracts;
using PaperPipeline.Parser.Content;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Huggingface;

/// <summary>
/// A page of huggingface.co/papers as it was saved: daily, weekly, monthly, trending, or of one paper. The papers lie as JSON
/// in an attribute <c>data-props</c>; where that is missing, the cards of the page are read.
/// </summary>
internal sealed partial class PapersPageShape : IDigestShape
{
    // Without one of them nobody need read the page.
    private static readonly string[] Marks = ["huggingface", "hugging face", "data-props"];

    public string Name => "huggingface-papers-page";

    public ContentKind Kinds => ContentKind.Html;

    public Recognition Recognise(DigestContent content)
    {
        const string lookedFor = "an attribute data-props with dailyPapers, or cards that link to /papers/";
        if (!Marks.Any(mark => content.Head.Contains(mark, StringComparison.OrdinalIgnoreCase)))
            return Recognition.None(lookedFor);
        var page = content.Html;
        using var props = PapersPage.Props(page);
        return props is not null ? Recognition.Of(new PapersPage(page), "an attribute data-props with papers")
            : PapersPage.Cards(page).Any() ? Recognition.Of(new PapersPage(page), "cards that link to /papers/")
            : Recognition.None(lookedFor);
    }
}

/// <summary>The page, ready to be read.</summary>
internal sealed partial class PapersPage(IHtmlDocument page) : IRecognisedDigest
{
    private const string Trending = "huggingface-trending";

    public DateOnly? Day(DateOnly retrieved)
    {
        using var props = Props(page);
        return DigestDates.Day(props?.RootElement.Text("dateString"));
    }

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        var source = IsTrending() ? Trending : HuggingfacePaper.Source;
        var (rank, ids) = (0, new HashSet<string>(StringComparer.Ordinal));
        using var props = Props(page);
        foreach (var item in props is null ? [] : Papers(props.RootElement))
        {
            rank++;
            if (HuggingfacePaper.Read(item, context) is not { } entry)
            {
                yield return Place($"element {rank}", "no paper: it has no id or no title", item.GetRawText());
                continue;
            }

            ids.Add(entry.Identifiers?.Arxiv ?? entry.OwnId!);
            yield return new ParsedEntry(entry with { Source = source, Rank = rank });
        }

        // Cards that the JSON does not have; one paper may have several.
        foreach (var card in Cards(page))
        {
            if (!ids.Add(Id(card)!.Value.Id))
                continue;
            if (Card(card, context) is { } entry)
                yield return new ParsedEntry(entry with { Source = source, Rank = ++rank });
            else
                yield return Place($"card {rank + 1}", "a card without a title", card.TextContent);
        }
    }

    /// <summary>The page's JSON that holds papers; null where there is none.</summary>
    public static JsonDocument? Props(IHtmlDocument page)
    {
        foreach (var element in page.QuerySelectorAll("[data-props]"))
        {
            var text = element.GetAttribute("data-props")!;
            if (!text.Contains("\"title\"", StringComparison.Ordinal))
                continue;
            try
            {
                var props = SoundJson.Parse(text);
                if (Papers(props.RootElement).Any(p => (p.Text("paper", "id") ?? p.Text("id")) is not null))
                    return props;
                props.Dispose();
            }
            catch (JsonException)
            {
                // A page that was cut off: the cards are still there.
            }
        }

        return null;
    }

    /// <summary>The elements that are about one paper each; one within another is a part of it.</summary>
    public static IEnumerable<IElement> Cards(IHtmlDocument page) =>
        page.QuerySelectorAll("article")
            .Where(card => card.ParentElement?.Closest("article") is null && Id(card) is not null);

    private static IEnumerable<JsonElement> Papers(JsonElement props) =>
        props.At("dailyPapers").ValueKind == JsonValueKind.Array ? props.Items("dailyPapers")
        : props.At("papers").ValueKind == JsonValueKind.Array ? props.Items("papers")
        : props.At("paper").ValueKind == JsonValueKind.Object ? [props]
        : [];

    private bool IsTrending() =>
        page.QuerySelectorAll("link[rel=canonical],meta[property='og:url']")
            .Any(e =>
                (e.GetAttribute("href") ?? e.GetAttribute("content") ?? "").Contains(
                    "/papers/trending",
                    StringComparison.Ordinal
                )
            )
        || page.Title?.StartsWith("Trending", StringComparison.OrdinalIgnoreCase) == true;

    private static Entry? Card(IElement card, DigestContext context)
    {
        var title = card.QuerySelector("h1,h2,h3,h4") is { } heading ? Folding.Fold(heading.TextContent) : "";
        if (title.Length == 0)
            return null;
        var code = card.QuerySelectorAll("a[href]")
            .Select(a => a.GetAttribute("href")!)
            .FirstOrDefault(a => Repositories.NameOf(a) is not null);
        var text = card.QuerySelectorAll("p").Select(p => Folding.Fold(p.TextContent)).MaxBy(p => p.Length);
        return context.Entry(HuggingfacePaper.Source, title) with
        {
            // Shorter ones are captions.
            Abstract = text is { Length: >= 100 } ? text : null,
            Identifiers = new Identifiers { Arxiv = Id(card)!.Value.Id },
            Upvotes = card.QuerySelectorAll("[class*=text-orange],[class*=leading-none]")
                .Select(e => Count(e.TextContent))
                .FirstOrDefault(n => n is not null),
            CodeUrl = code,
            Repository = Repositories.NameOf(code),
            Links = code is null ? null : [new Link { Url = code, Kind = "code" }],
        };
    }

    private static ArxivId? Id(IElement card) =>
        card.QuerySelectorAll("a[href]")
            .Select(a => a.GetAttribute("href")!)
            .Select(a => PaperIds.Arxiv(a.StartsWith('/') ? "https://huggingface.co" + a : a))
            .FirstOrDefault(id => id is not null);

    private static int? Count(string text) =>
        Votes().Match(Folding.Fold(text)) is { Success: true } match
            ? int.Parse(
                match.ValueSpan.ToString().Replace(",", "", StringComparison.Ordinal),
                CultureInfo.InvariantCulture
            )
            : null;

    private static ReportedPlace Place(string position, string reason, string excerpt) =>
        new(position, reason, Rejections.Excerpt(Folding.Fold(excerpt)));

    [GeneratedRegex(@"^[0-9][0-9,]{0,8}$", RegexOptions.CultureInvariant)]
    private static partial Regex Votes();
}
