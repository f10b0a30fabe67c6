using System.Globalization;
using System.Text.RegularExpressions;
using PaperPipeline.Contracts;
using PaperPipeline.Parser.Newsletters;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Parser.Scholar;

/// <summary>One paper of an alert, while it is read.</summary>
/// <param name="title">Its title.</param>
/// <param name="address">The link to it, by way of Scholar.</param>
internal sealed partial class ScholarPaper(string title, string address)
{
    private const string Source = "google-scholar";

    public Byline? Byline { get; set; }

    /// <summary>A cut piece of its text: no abstract.</summary>
    public string? Snippet { get; set; }

    /// <summary>The paper, and what is wrong with it.</summary>
    public IEnumerable<ParsedItem> Items(DigestContext context, string position)
    {
        var name = Tags().Replace(title, "");
        if (name.Length == 0)
        {
            yield return new ReportedPlace(position, "a paper without a title", Rejections.Excerpt(Snippet ?? ""));
            yield break;
        }

        var extra = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Snippet is not null)
            extra["snippet"] = Snippet;
        var paper = PaperLink.Of(address);
        var link = PaperLink.Public(address);
        // A link that leads to nothing but Scholar is the reader's own.
        if (link is not null && ScholarOwn().IsMatch(link))
            link = null;
        var entry = context.Entry(Source, name) with
        {
            Identifiers = paper?.Identifiers,
            PaperVersion = paper?.Version,
            Links = link is null ? null : [new Link { Url = link, Kind = "paper" }],
        };
        entry = Byline?.Complete(entry, extra) ?? entry;
        yield return new ParsedEntry(entry with { Extra = extra });
        if (Byline is null)
            yield return new ReportedPlace(position, "a title without its line of authors", Rejections.Excerpt(name));
    }

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^(?:\[(?:PDF|HTML|BOOK|B|CITATION|C|DOC)\]\s*)+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Tags();

    [GeneratedRegex(@"^https?://scholar\.google\.", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ScholarOwn();
}
