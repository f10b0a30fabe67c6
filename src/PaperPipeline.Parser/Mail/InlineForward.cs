using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Parser.Mail;

/// <summary>
/// A mail that somebody has forwarded or answered within the text of another one, as most mail programs do: a line that says
/// so, or the head of the mail, then its text, perhaps with marks before each line.
/// </summary>
/// <param name="Text">The text of the mail; null where it is HTML, which is read as it is.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Sent">When it was sent.</param>
/// <param name="FirstLine">The number of the line that its text begins with.</param>
internal sealed partial record InlineForward(string? Text, string? Subject, DateTimeOffset? Sent, int FirstLine)
{
    // Whoever forwards a mail says a few words at most.
    private const int LinesAbove = 60;
    private const int LongestHead = 15;

    // One forwarded mail begins with the next one, or nearly so: further down stands what is read.
    private const int LinesBetween = 12;

    /// <summary>Greatest size of a text that is looked through, in characters.</summary>
    public const int Longest = 4 * 1024 * 1024;

    /// <summary>The mail within the content; null where there is none.</summary>
    public static InlineForward? Of(DigestContent content) =>
        content.Kind switch
        {
            ContentKind.Html when Marker().IsMatch(content.Head) || HeadField().Count(content.Head) >= 3 => OfLines(
                HtmlLines.Of(content.Html).Take(LinesAbove + LongestHead).Select(l => l.Text)
            ),
            ContentKind.Text => OfText(content),
            _ => null,
        };

    private static InlineForward? OfLines(IEnumerable<string> lines)
    {
        var head = new Head();
        foreach (var line in lines)
            if (head.Add(line))
                break;
        return head.IsFound ? new InlineForward(null, head.Subject, head.Sent, 1) : null;
    }

    private static InlineForward? OfText(DigestContent content)
    {
        var lines = Lines(content);
        if (lines is null)
            return null;
        var (first, subject, sent, unquoted) = (0, (string?)null, (DateTimeOffset?)null, false);
        // One may lie in another.
        for (var n = 0; n < DigestParser.Deepest; n++)
        {
            if (IsQuoted(lines, first))
            {
                unquoted = true;
                for (var i = first; i < lines.Count; i++)
                    lines[i] = Unquoted(lines[i]);
            }

            var head = new Head();
            var at = first;
            var last = first + LongestHead + (n == 0 ? LinesAbove : LinesBetween);
            while (at < lines.Count && at < last && !head.Add(lines[at]))
                at++;
            if (!head.IsFound)
                break;
            (first, subject, sent) = (at + 1, head.Subject ?? subject, head.Sent ?? sent);
        }

        return first > 0 || unquoted
            ? new InlineForward(string.Join('\n', lines.Skip(first)), subject, sent, first + 1)
            : null;
    }

    private static List<string>? Lines(DigestContent content)
    {
        var text = new StringBuilder();
        using (var reader = content.OpenText())
        {
            // By blocks: a line of a stranger may be as long as the mail.
            var buffer = new char[4 * 1024];
            int read;
            while ((read = reader.Read(buffer, 0, buffer.Length)) > 0)
                if (text.Append(buffer, 0, read).Length > Longest)
                    return null;
        }

        var lines = new List<string>();
        using var whole = new StringReader(text.Replace(DigestContent.Undecodable, '\uFFFD').ToString());
        while (whole.ReadLine() is { } line)
            lines.Add(line);
        return lines;
    }

    private static bool IsQuoted(List<string> lines, int from)
    {
        var (some, quoted) = (0, 0);
        for (var i = from; i < lines.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
                continue;
            some++;
            if (lines[i].StartsWith('>'))
                quoted++;
        }

        return some > 0 && quoted * 10 >= some * 8;
    }

    private static string Unquoted(string line) =>
        line.StartsWith("> ", StringComparison.Ordinal) ? line[2..]
        : line.StartsWith('>') ? line[1..]
        : line;

    /// <summary>Looks for the head of a mail, line by line.</summary>
    private sealed class Head
    {
        private int fields;
        private bool marked;
        private bool from;
        private bool began;

        public string? Subject { get; private set; }

        public DateTimeOffset? Sent { get; private set; }

        /// <summary>The head was there, and is over.</summary>
        public bool IsFound { get; private set; }

        /// <summary>Takes a line; true where the head ended with it.</summary>
        public bool Add(string line)
        {
            line = Folding.Fold(line).TrimStart('>', ' ', '*');
            if (Marker().IsMatch(line))
            {
                (marked, began, fields) = (true, false, 0);
                return false;
            }

            if (HeadField().Match(line) is { Success: true } field)
            {
                began = true;
                fields++;
                var value = field.Groups["value"].Value.Trim('*', ' ');
                if (field.Groups["from"].Success)
                    from = true;
                else if (field.Groups["subject"].Success)
                    Subject ??= value;
                else if (field.Groups["date"].Success)
                    Sent ??= Date(value);
                return false;
            }

            if (line.Length > 0 && began && fields < 2)
                (began, fields, from) = (false, 0, false);
            // The head's own lines may go on in the next one; a blank line ends it.
            if (!began || (line.Length > 0 && fields < 3))
                return false;
            IsFound = fields >= (marked ? 1 : 3) && (from || marked) && (marked || Subject is not null);
            if (!IsFound)
                (began, fields, from) = (false, 0, false);
            return IsFound;
        }

        // "Tue, Oct 6, 2026 at 9:00 AM"
        private static DateTimeOffset? Date(string text) =>
            DateTimeOffset.TryParse(
                text.Replace(" at ", " ", StringComparison.Ordinal),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var date
            )
                ? date
                : DigestDates.Read(text);
    }

    [GeneratedRegex(
        @"^\W*(?:forwarded message|begin forwarded message|original message|weitergeleitete nachricht"
            + @"|urspr(?:ü|ue)ngliche nachricht|message transf[ée]r[ée]|message d'origine|mensaje reenviado|mensagem encaminhada"
            + @"|messaggio inoltrato|doorgestuurd bericht|转发的邮件|原始邮件|転送メッセージ)\W*(?:from [^\n]*)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Multiline
    )]
    private static partial Regex Marker();

    [GeneratedRegex(
        @"^(?:(?<from>from|von|de|da|van|发件人|差出人)|(?<subject>subject|betreff|objet|asunto|assunto|oggetto|onderwerp|主题|件名)"
            + @"|(?<date>date|sent|gesendet|datum|envoy[ée]|fecha|enviado|data|inviato|verzonden|发送时间|日期|日付)"
            + @"|to|an|[àa]|para|aan|cc|kopie|reply-to|收件人|宛先)\*? ?[::]\*? ?(?<value>.*)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Multiline
    )]
    private static partial Regex HeadField();
}
