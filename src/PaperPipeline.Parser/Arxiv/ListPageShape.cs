using System.Text.RegularExpressions;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Parser.Arxiv;

/// <summary>
/// arXiv's pages <c>/list/…/new</c>, <c>/recent</c> and <c>/pastweek</c>, saved as HTML or copied as text. The grammar is that
/// of arxiv-browse's templates (browse/templates/list).
/// </summary>
internal sealed partial class ListPageShape : IDigestShape
{
    public string Name => "arxiv-list-page";

    public ContentKind Kinds => ContentKind.Text | ContentKind.Html;

    public Recognition Recognise(DigestContent content)
    {
        var digest = new ListPage(content);
        var first = content.Head.Contains("arXiv:", StringComparison.OrdinalIgnoreCase) ? digest.FirstItem() : null;
        return first is not null
            ? Recognition.Of(digest, $"an entry that begins with '{first}'")
            : Recognition.None("an entry '[1] arXiv:...' before a line 'Title:'");
    }
}

/// <summary>One line of the page.</summary>
internal readonly record struct PageLine(int Number, string Text, bool Damaged);

/// <summary>The page, ready to be read.</summary>
internal sealed partial class ListPage(DigestContent content) : IRecognisedDigest
{
    public DateOnly? Day(DateOnly retrieved)
    {
        foreach (var line in Lines())
            if (PageItems.DayOf(line.Text) is { } day)
                return day;
            else if (ItemLine().IsMatch(line.Text))
                break;
        return null;
    }

    /// <summary>The line that an entry begins with; null where there is none with a title.</summary>
    public string? FirstItem()
    {
        string? item = null;
        foreach (var line in Lines())
        {
            if (item is not null && TitleLine().IsMatch(line.Text))
                return item;
            item = ItemLine().Match(line.Text) is { Success: true } match ? match.Value : null;
        }

        return null;
    }

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        var items = new PageItems(context);
        foreach (var line in Lines())
        foreach (var item in items.Add(line))
            yield return item;
        foreach (var item in items.End())
            yield return item;
    }

    private IEnumerable<PageLine> Lines() =>
        content.Kind == ContentKind.Html
            ? HtmlLines
                .Of(content.Html)
                .Where(l => l.Text.Length > 0)
                .Select(l => new PageLine(l.Number, l.Text, false))
            : content
                .Text.Lines()
                .Where(l => !l.IsBlank)
                .Select(l => new PageLine(l.Number, l.Text, l.Cut || l.Invalid));

    [GeneratedRegex(@"^\[\d{1,6}\] ?arXiv:\S+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    internal static partial Regex ItemLine();

    [GeneratedRegex(@"^Title: ?", RegexOptions.CultureInvariant)]
    internal static partial Regex TitleLine();
}
