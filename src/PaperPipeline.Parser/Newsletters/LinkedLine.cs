using System.Globalization;
using System.Text.RegularExpressions;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Parser.Newsletters;

/// <summary>A line of a newsletter as a person sees it, with the links in it.</summary>
/// <param name="Position">Where it is.</param>
/// <param name="Text">Its text.</param>
/// <param name="Links">Its links: text, and address.</param>
/// <param name="IsHeading">It is a heading.</param>
/// <param name="Strong">The pieces of it that are in bold letters.</param>
internal sealed partial record LinkedLine(
    string Position,
    string Text,
    IReadOnlyList<(string Text, string Address)> Links,
    bool IsHeading,
    IReadOnlyList<string> Strong
)
{
    private string? clean;

    /// <summary>The text as a title, see <see cref="TitleText.Clean"/>.</summary>
    public string Clean => clean ??= TitleText.Clean(Text);

    /// <summary>The lines of a page.</summary>
    public static IEnumerable<LinkedLine> OfPage(DigestContent content) =>
        HtmlLines
            .Of(content.Html)
            .Select(line => new LinkedLine(At(line.Number), line.Text, line.Links, line.IsHeading, line.Strong));

    /// <summary>
    /// The lines of a text. Addresses are links without a text; a number in brackets stands for the address that the end of the
    /// text gives for it.
    /// </summary>
    public static IEnumerable<LinkedLine> OfText(DigestText text)
    {
        var notes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Lines())
            if (line.Text.StartsWith('[') && Note().Match(line.Text) is { Success: true } note && notes.Count < 10_000)
                notes.TryAdd(note.Groups["number"].Value, note.Groups["url"].Value);
        LinkedLine? held = null;
        foreach (var line in text.Lines())
        {
            if (line.IsBlank || (line.Text.StartsWith('[') && Note().IsMatch(line.Text)))
            {
                if (held is not null)
                    yield return held;
                held = null;
                continue;
            }

            var next = OfLine(line, notes);
            // A line that was wrapped goes on in the next one.
            if (held is { Links.Count: 0, Text.Length: >= 55 and < 200 } && !Begins().IsMatch(next.Text))
            {
                held = next with
                {
                    Text = next.Text.Length == 0 ? held.Text : $"{held.Text} {next.Text}",
                    Position = held.Position,
                };
                continue;
            }

            if (held is not null)
                yield return held;
            held = next;
        }

        if (held is not null)
            yield return held;
    }

    private static LinkedLine OfLine(TextLine line, Dictionary<string, string> notes)
    {
        if (notes.Count == 0 && !line.Text.Contains("://", StringComparison.Ordinal))
            return new LinkedLine(At(line.Number), line.Text, [], false, []);
        var links = new List<(string, string)>();
        var shown = Address()
            .Replace(
                line.Text,
                address =>
                {
                    links.Add(("", address.Groups["url"].Value.TrimEnd('.', ',', ';', ':', '!', '?', '\'', '"')));
                    return " ";
                }
            );
        if (notes.Count > 0)
            shown = Reference()
                .Replace(
                    shown,
                    reference =>
                    {
                        if (!notes.TryGetValue(reference.Groups["number"].Value, out var address))
                            return reference.Value;
                        links.Add(("", address));
                        return " ";
                    }
                );
        return new LinkedLine(At(line.Number), Folding.Fold(shown), links, false, []);
    }

    private static string At(int number) => string.Create(CultureInfo.InvariantCulture, $"line {number}");

    [GeneratedRegex(
        @"[<(\[]?(?<url>https?://[^\s<>\[\]""]+[^\s<>\[\]"").,;:])[>)\]]?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Address();

    [GeneratedRegex(@"\[(?<number>[0-9]{1,4})\]", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    [GeneratedRegex(
        @"^\[(?<number>[0-9]{1,4})\]:? *<?(?<url>https?://\S+?)>?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Note();

    [GeneratedRegex(
        @"^(?:[*•·▪◦‣-]|[0-9]{1,3}[.)]|\[|(?:authors?|abstract|links?|pdf|code|url|paper)\s*:)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Begins();
}
