using System.Text;
using System.Text.RegularExpressions;

namespace PaperPipeline.Parser.Content;

/// <summary>
/// Finds the encoding of a digest. In this order: byte order mark, the zeros of UTF-16 and UTF-32, the charset that came with the media
/// type (RFC 7303, section 3), XML declaration, HTML's <c>meta</c>, UTF-8. What is markup and no UTF-8 after all is read as
/// windows-1252, as browsers do.
/// </summary>
internal static partial class Charsets
{
    /// <summary>windows-1252: it gives every byte a meaning.</summary>
    public static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private static readonly Encoding Utf8 = new UTF8Encoding(false);
    private static readonly Encoding BigEndianUtf32 = new UTF32Encoding(bigEndian: true, byteOrderMark: true);

    /// <summary>The encoding, and whether something states it.</summary>
    public static (Encoding Encoding, bool Stated) Of(ReadOnlySpan<byte> head, string? mediaType)
    {
        if (Marked(head) is { } marked)
            return (marked, true);
        if (Named(MediaTypeCharset().Match(mediaType ?? "").Groups["name"].Value) is { } served)
            return (served, true);
        var text = Encoding.Latin1.GetString(head[..Math.Min(head.Length, 4096)]);
        var stated = XmlDeclaration().Match(text);
        if (!stated.Success)
            stated = Meta().Match(text);
        // What reads as ASCII is not UTF-16, whatever it says of itself.
        return
            Named(stated.Groups["name"].Value) is { } named && named.IsSingleByte | named.CodePage is not (1200 or 1201)
            ? (named, true)
            : (Utf8, false);
    }

    /// <summary>The encoding with this name; null where there is none.</summary>
    public static Encoding? Named(string name)
    {
        if (name.Length is 0 or > 40)
            return null;
        // By the WHATWG's encoding standard these names mean windows-1252.
        if (LatinOne().IsMatch(name))
            return Western;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static Encoding? Marked(ReadOnlySpan<byte> head) =>
        head switch
        {
            [0xEF, 0xBB, 0xBF, ..] => Utf8,
            [0xFF, 0xFE, 0, 0, ..] => Encoding.UTF32,
            [0xFF, 0xFE, ..] => Encoding.Unicode,
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
            [0, 0, 0xFE, 0xFF, ..] or [0, 0, 0, not 0, ..] => BigEndianUtf32,
            [not 0, 0, 0, 0, ..] => Encoding.UTF32,
            [not 0, 0, not 0, 0, ..] => Encoding.Unicode,
            [0, not 0, 0, not 0, ..] => Encoding.BigEndianUnicode,
            _ => null,
        };

    [GeneratedRegex(
        @";\s*charset\s*=\s*[""']?(?<name>[\w.:-]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex MediaTypeCharset();

    [GeneratedRegex(@"^\s*<\?xml\s[^>]*?\bencoding\s*=\s*[""'](?<name>[\w.:-]+)", RegexOptions.CultureInvariant)]
    private static partial Regex XmlDeclaration();

    [GeneratedRegex(
        @"<meta\s[^>]*?\bcharset\s*=\s*[""']?(?<name>[\w.:-]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Meta();

    [GeneratedRegex("^(?:us-ascii|ascii|latin-?1|iso-?8859-1|iso_8859-1|l1|cp1252)$", RegexOptions.IgnoreCase)]
    private static partial Regex LatinOne();
}
