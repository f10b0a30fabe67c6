using System.Globalization;
using System.Net;
using System.Text;
using System.Xml;
using AngleSharp.Html;

namespace PaperPipeline.Parser.Content;

/// <summary>
/// The characters of XML as a strict reader wants them: HTML's named entities resolved, control characters replaced, nothing
/// before the declaration. What looks like an entity and is none stands for itself, but not where a DOCTYPE declares entities:
/// there it ends the reading. No tag is longer than <see cref="LongestTag"/>, no text longer than an element may be: who reads on
/// holds either whole.
/// </summary>
internal sealed class XmlCharacters(TextReader inner) : TextReader
{
    /// <summary>Longest tag, in characters.</summary>
    public const int LongestTag = 1024 * 1024;

    private const int BufferSize = 16 * 1024;
    private const int LongestName = 32;
    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create(
        "<&\uFFFF\uFFFE\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000B\u000C\u000E\u000F\u0010\u0011\u0012\u0013\u0014"
            + "\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F"
    );

    private static readonly System.Buffers.SearchValues<char> InTag = System.Buffers.SearchValues.Create(
        ">\"'&[\uFFFF\uFFFE\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000B\u000C\u000E\u000F\u0010\u0011\u0012\u0013"
            + "\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F"
    );

    private readonly char[] raw = new char[BufferSize];

    // In one piece, but for what entities add.
    private readonly StringBuilder ready = new(BufferSize + 1024);
    private int at;
    private int length;
    private int given;
    private bool final;
    private bool begun;

    // What ends the section that is passed over as it is: "-->", "]]>", "?>" or, of a tag, ">".
    private string? until;
    private int passed;
    private int run;
    private char quote;
    private bool isDoctype;
    private bool declares;

    public override int Peek() => Prepare() ? ready[given] : -1;

    public override int Read() => Prepare() ? ready[given++] : -1;

    public override int Read(char[] buffer, int index, int count)
    {
        if (count == 0 || !Prepare())
            return 0;
        var some = Math.Min(count, ready.Length - given);
        ready.CopyTo(given, buffer, index, some);
        given += some;
        return some;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private bool Prepare()
    {
        if (given < ready.Length)
            return true;
        ready.Clear();
        given = 0;
        while (ready.Length == 0)
        {
            if (length - at <= LongestName && !final)
                Refill();
            if (at == length)
                return false;
            Convert();
        }

        return true;
    }

    private void Refill()
    {
        raw.AsSpan(at, length - at).CopyTo(raw);
        (length, at) = (length - at, 0);
        while (length < raw.Length && !final)
        {
            var read = inner.Read(raw, length, raw.Length - length);
            length += read;
            final = read == 0;
        }

        if (begun)
            return;
        begun = true;
        while (at < length && (char.IsWhiteSpace(raw[at]) || raw[at] == '\uFEFF'))
            at++;
    }

    private void Convert()
    {
        // Whatever may be a name or a mark must lie in the buffer whole.
        var end = final ? length : length - LongestName;
        while (at < end)
        {
            if (until is not null)
            {
                Pass(end);
                continue;
            }

            var text = raw.AsSpan(at, end - at);
            var next = text.IndexOfAny(Special);
            if (next < 0)
                next = text.Length;
            ready.Append(text[..next]);
            at += next;
            Count(next + 1);
            if (next == text.Length)
                continue;
            if (raw[at] == '<')
                Begin();
            else
                One();
        }
    }

    private void Begin()
    {
        var text = raw.AsSpan(at, length - at);
        (until, passed, quote) = (
            text.StartsWith("<!--") ? "-->"
            : text.StartsWith("<![CDATA[") ? "]]>"
            : text.StartsWith("<?") ? "?>"
            : ">",
            0,
            '\0'
        );
        run = 0;
        isDoctype = text.StartsWith("<!DOCTYPE", StringComparison.OrdinalIgnoreCase);
        ready.Append('<');
        at++;
    }

    private void Count(int more)
    {
        run += more;
        if (run > XmlElements.LargestElement)
            throw new XmlException($"a text is larger than {XmlElements.LargestElement / 1024 / 1024} Mi characters");
    }

    private void Pass(int end)
    {
        if (until!.Length == 1)
            PassTag(end);
        else
            PassSection(end);
    }

    // Values may hold entities and quoted '>'.
    private void PassTag(int end)
    {
        while (at < end)
        {
            var text = raw.AsSpan(at, end - at);
            var next = text.IndexOfAny(InTag);
            if (next < 0)
                next = text.Length;
            ready.Append(text[..next]);
            at += next;
            passed += next + 1;
            if (passed > LongestTag)
                throw new XmlException($"a tag is longer than {LongestTag / 1024 / 1024} MiB");
            if (next == text.Length)
                return;
            var c = raw[at];
            if (c == '&')
            {
                One();
                continue;
            }

            if (quote != '\0')
                quote = c == quote ? '\0' : quote;
            else if (c is '"' or '\'')
                quote = c;
            else if (c == '>')
                until = null;
            declares |= isDoctype && c == '[';
            ready.Append(IsControl(c) ? '\uFFFD' : c);
            at++;
            if (until is null)
                return;
        }
    }

    // Comments and the like are as they are. What ends one may lie across the end: it is in the buffer whole.
    private void PassSection(int end)
    {
        var close = raw.AsSpan(at, length - at).IndexOf(until);
        var closes = close >= 0 && at + close < end;
        foreach (var c in raw.AsSpan(at, closes ? close : end - at))
            ready.Append(IsControl(c) ? '\uFFFD' : c);
        Count(closes ? close : end - at);
        at = closes ? at + close : end;
        if (!closes)
            return;
        ready.Append(until);
        at += until!.Length;
        until = null;
    }

    private void One()
    {
        if (raw[at] != '&')
        {
            ready.Append('\uFFFD');
            at++;
            return;
        }

        var name = raw.AsSpan(at + 1, Math.Min(LongestName, length - at) - 1);
        if (name.StartsWith("#") && Number(name))
            return;
        var end = name.IndexOfAnyExcept(Name);
        if (end > 0 && name[end] == ';' && Named(name[..end]) is { } meant)
        {
            ready.Append(meant);
            at += end + 2;
            return;
        }

        // An ampersand that stands for itself.
        var alone = name.IsEmpty || name[0] is ' ' or '&' or '<' or '\r' or '\n' or '\t';
        ready.Append(alone || !declares ? "&amp;" : "&");
        at++;
    }

    // What it is in XML; null where it is no name of XML or HTML.
    private static string? Named(ReadOnlySpan<char> name)
    {
        var entity = $"&{name};";
        if (name is "lt" or "gt" or "amp" or "quot" or "apos")
            return entity;
        var meant = WebUtility.HtmlDecode(entity);
        if (meant == entity)
            meant = HtmlEntityProvider.Resolver.GetSymbol($"{name};");
        // Some of HTML's names mean signs of markup.
        return meant?.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
    }

    private bool Number(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf(';');
        var hexadecimal = end > 1 && text[1] is 'x' or 'X';
        if (
            end < 2
            || !int.TryParse(
                text[(hexadecimal ? 2 : 1)..end],
                hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
            return false;
        if (number is '<' or '&' or '>' or '"' or '\'' or ' ' or '\t' or '\n' or '\r')
            ready.Append(CultureInfo.InvariantCulture, $"&#{number};");
        else if (number is >= 0x80 and < 0xA0)
            // HTML means windows-1252 by them, and so do feeds.
            ready.Append(Charsets.Western.GetString([(byte)number]));
        else if (Rune.IsValid(number) && number >= ' ' && number is not (0xFFFE or 0xFFFF))
            ready.Append(new Rune(number).ToString());
        else
            ready.Append('\uFFFD');
        at += end + 2;
        return true;
    }

    private static readonly System.Buffers.SearchValues<char> Name = System.Buffers.SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    );

    private static bool IsControl(char c) => c is < ' ' and not ('\t' or '\n' or '\r') or '\uFFFE' or '\uFFFF';
}
