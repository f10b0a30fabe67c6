using System.Text;
using System.Text.RegularExpressions;
using PaperPipeline.Parser.Content;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Huggingface;

/// <summary>
/// One daily paper as YAML with date, author, title, link and summary, as a newsletter collects them; several behind lines of
/// three hyphens. It is read line by line, because not all such files are valid YAML: a value may hold a colon.
/// </summary>
internal sealed partial class PaperYamlShape : IDigestShape
{
    public string Name => "huggingface-paper-yaml";

    public ContentKind Kinds => ContentKind.Text;

    public Recognition Recognise(DigestContent content) =>
        KeyLine().Matches(content.Head).Select(k => k.Groups["key"].Value).ToHashSet(StringComparer.Ordinal) is { } keys
        && keys.IsSupersetOf(["title", "link", "summary"])
        && FirstLine().IsMatch(content.Head)
            ? Recognition.Of(new PaperYaml(content), "lines 'title:', 'link:' and 'summary:'")
            : Recognition.None("lines 'title:', 'link:' and 'summary:'");

    [GeneratedRegex(@"^(?<key>[a-z_]{2,30}):(?:\s|$)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex KeyLine();

    [GeneratedRegex(@"^\s*(?:---\s+)?(?:#.*\s+)*[a-z_]{2,30}:(?:\s|$)", RegexOptions.CultureInvariant)]
    private static partial Regex FirstLine();
}

/// <summary>The papers, ready to be read.</summary>
internal sealed partial class PaperYaml(DigestContent content) : IRecognisedDigest
{
    public DateOnly? Day(DateOnly retrieved) => null;

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        var (values, key, first) = (new Dictionary<string, StringBuilder>(StringComparer.Ordinal), (string?)null, 1);
        foreach (var line in content.Text.Lines())
        {
            if (line.Cut || line.Invalid)
                yield return Place(
                    line,
                    line.Cut ? "longer than 256 KiB: cut" : "has bytes that are no text in its encoding"
                );
            if (line.IsBlank || line.Text.StartsWith('#'))
                continue;
            if (line.Indent == 0 && line.Text == "---")
            {
                if (values.Count > 0)
                    yield return Paper(values, first, context);
                (values, key, first) = (new(StringComparer.Ordinal), null, line.Number + 1);
            }
            else if (line.Indent == 0 && Member().Match(line.Text) is { Success: true } member)
            {
                key = member.Groups["key"].Value;
                values[key] = new StringBuilder(member.Groups["value"].Value);
            }
            else if (key is not null && (line.Indent > 0 || line.Text.StartsWith("- ", StringComparison.Ordinal)))
            {
                Continue(values[key], line.Text);
            }
            else
            {
                yield return Place(line, "neither a member nor the continuation of one");
            }
        }

        if (values.Count > 0)
            yield return Paper(values, first, context);
    }

    // Within double quotes a line break behind a backslash does not exist.
    private static void Continue(StringBuilder value, string line)
    {
        if (value.Length > 1 && value[0] == '"' && value[^1] == '\\')
            value.Length--;
        else
            value.Append(' ');
        value.Append(line);
    }

    private static ParsedItem Paper(Dictionary<string, StringBuilder> values, int first, DigestContext context)
    {
        if (Value("title") is not { Length: > 0 } title)
            return new ReportedPlace($"line {first}", "the paper has no title", "");
        return new ParsedEntry(
            context.Entry(HuggingfacePaper.Source, title) with
            {
                Abstract = Value("summary"),
                Authors = Value("author") is { Length: > 0 } author ? [author] : null,
                Identifiers = PaperIds.Of(Value("link")),
                Day = DigestDates.Day(Value("date")),
            }
        );

        string? Value(string key) => values.TryGetValue(key, out var text) ? Scalar(text.ToString()) : null;
    }

    /// <summary>The text of a scalar: quoted in one of two ways, in a block, or plain (yaml.org/spec/1.2.2, 7.3 and 8.1).</summary>
    private static string Scalar(string text)
    {
        text = Block().Replace(text.Trim(), "");
        if (text.Length >= 2 && text[0] == '\'' && text[^1] == '\'')
            return text[1..^1].Replace("''", "'", StringComparison.Ordinal);
        return text.Length >= 2 && text[0] == '"' && text[^1] == '"' ? Escape().Replace(text[1..^1], Unescape) : text;
    }

    private static string Unescape(Match escape) =>
        escape.Groups["code"] is { Success: true } code
            ? char.ConvertFromUtf32(Convert.ToInt32(code.Value, 16) is var c and (< 0xD800 or > 0xDFFF) ? c : 0xFFFD)
        : escape.Value[1] is 'n' or 't' or 'r' or ' ' ? " "
        : escape.Value[1..];

    private static ReportedPlace Place(TextLine line, string reason) =>
        new($"line {line.Number}", reason, Rejections.Excerpt(line.Text));

    [GeneratedRegex(@"^(?<key>[a-z_]{2,30}):(?:\s+(?<value>.*))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Member();

    [GeneratedRegex(@"^[|>][+-]?\d?\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Block();

    [GeneratedRegex(@"\\(?:x(?<code>[0-9a-fA-F]{2})|u(?<code>[0-9a-fA-F]{4})|.)", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
