using System.Text.RegularExpressions;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Parser.Scholar;

/// <summary>The alert as text: title, address, authors and snippet in a paragraph, or in paragraphs of their own.</summary>
internal sealed partial class ScholarAlertText(DigestContent content) : IRecognisedDigest
{
    private const int LongestTitle = 500;

    public DateOnly? Day(DateOnly retrieved) => null;

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        // The title stands before its address, perhaps over several lines; what follows belongs to the paper before, until
        // a blank line.
        var (title, number, ended) = ("", 0, false);
        ScholarPaper? paper = null;
        foreach (var line in content.Text.Lines())
        {
            var text = line.Text;
            // It ends the line, so it is the last word, or the end of it.
            if (Address().Match(text, text.LastIndexOf(' ') + 1) is { Success: true } address)
            {
                if (paper is not null)
                    foreach (var item in paper.Items(context, Position(number)))
                        yield return item;
                (paper, ended) = (null, false);
                title = Folding.Fold($"{title} {text[..address.Index]}");
                if (Furniture().IsMatch(title))
                {
                    title = "";
                    continue;
                }

                number = line.Number;
                paper = new ScholarPaper(title, address.Groups["url"].Value);
                title = "";
                continue;
            }

            if (line.IsBlank)
            {
                ended |= paper?.Byline is not null;
                title = "";
                continue;
            }

            if (Furniture().IsMatch(text))
            {
                (title, ended) = ("", true);
                continue;
            }

            if (paper is not null && !ended)
            {
                if (paper.Byline is null)
                    paper.Byline = Byline.Of(text);
                else
                    paper.Snippet = paper.Snippet is null ? text : $"{paper.Snippet} {text}";
                continue;
            }

            title = title.Length + text.Length < LongestTitle ? Folding.Fold($"{title} {text}") : text;
        }

        if (paper is not null)
            foreach (var item in paper.Items(context, Position(number)))
                yield return item;
        else if (number == 0)
            yield return new ReportedPlace("the alert", "no title with an address of Scholar is in it", "");
    }

    private static string Position(int line) => $"line {ScholarPaper.Number(line)}";

    [GeneratedRegex(
        @"[<(\[]?(?<url>https?://scholar\.google\.[a-z.]+/scholar_url\?\S+?)[>)\]]?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Address();

    [GeneratedRegex(
        @"^\W*(?:this (?:alert|message) (?:is|was) sent by|google scholar\b|list alerts|cancel alert|save\b|twitter|facebook|linkedin)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Furniture();
}
