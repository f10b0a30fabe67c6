using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using MimeKit;
using MimeKit.Encodings;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Parser.Mail;

/// <summary>
/// What a leaf of a mail holds once its transfer encoding is undone. What mails say of their encodings is often wrong, so
/// the bytes have the last word.
/// </summary>
internal sealed partial class PartContent
{
    private const int Looked = 64 * 1024;

    private DigestContent? opened;

    private PartContent(ArraySegment<byte> bytes, string? charset, bool isHtml, bool isCutOff) =>
        (Bytes, Charset, IsHtml, IsCutOff) = (bytes, charset, isHtml, isCutOff);

    /// <summary>The bytes, decoded.</summary>
    public ArraySegment<byte> Bytes { get; }

    /// <summary>The charset they are text in, where it is known.</summary>
    public string? Charset { get; }

    /// <summary>The part says that it is HTML.</summary>
    public bool IsHtml { get; }

    /// <summary>Its encoding ends in the middle of a byte.</summary>
    public bool IsCutOff { get; }

    /// <summary>What kind of archive the bytes are; null where they are none.</summary>
    public string? Archive =>
        Bytes.AsSpan() switch
        {
            [0x1F, 0x8B, ..] => "gzip",
            [(byte)'P', (byte)'K', 3 or 5, 4 or 6, ..] => "zip",
            [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', ..] => "bzip2",
            [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => "xz",
            [(byte)'7', (byte)'z', 0xBC, 0xAF, ..] => "7z",
            [(byte)'R', (byte)'a', (byte)'r', (byte)'!', ..] => "rar",
            [0x28, 0xB5, 0x2F, 0xFD, ..] => "zstd",
            { Length: > 262 } tar when tar.Slice(257, 5).SequenceEqual("ustar"u8) => "tar",
            _ => null,
        };

    /// <summary>It is no text: it holds bytes that no text has.</summary>
    public bool IsBinary
    {
        get
        {
            if (Charset is not null && Charset.StartsWith("utf-16", StringComparison.OrdinalIgnoreCase))
                return false;
            var head = Bytes.AsSpan(0, Math.Min(Bytes.Count, Looked));
            return head.StartsWith("%PDF-"u8)
                || (head.Contains((byte)0) && head is not [0xFF, 0xFE, ..] and not [0xFE, 0xFF, ..]);
        }
    }

    /// <summary>Undoes the part's transfer encoding.</summary>
    public static PartContent Of(MailPart part)
    {
        var isText = part.Type.IsMimeType("text", "*") && !part.IsAttachment;
        var raw = part.Content.Span;
        var encoding = part.Encoding switch
        {
            ContentEncoding.Base64 when !LooksLikeBase64(raw) => ContentEncoding.Default,
            ContentEncoding.EightBit or ContentEncoding.Default when isText && LooksQuoted(raw) =>
                ContentEncoding.QuotedPrintable,
            ContentEncoding.EightBit or ContentEncoding.Default when isText && IsWhollyBase64(raw) =>
                ContentEncoding.Base64,
            var stated => stated,
        };
        var (bytes, isCutOff) = Decode(part.Content, encoding);
        var isHtml = part.Type.IsMimeType("text", "html") || part.Type.IsMimeType("application", "xhtml+xml");
        var charset = CharsetOf(part.Type.Charset, bytes, isHtml);
        if (string.Equals(part.Type.Format, "flowed", StringComparison.OrdinalIgnoreCase) && !isHtml)
            bytes = Unflowed(bytes);
        return new PartContent(bytes, charset, isHtml, isCutOff);
    }

    /// <summary>The content, for a shape to look at: the same one at each call, because to read a page takes long.</summary>
    /// <exception cref="UnreadableDigestException">There is nothing to read, or nothing that is text.</exception>
    public DigestContent Open() => opened ??= Opened();

    private DigestContent Opened()
    {
        var mediaType = Charset is null ? null : $"text/plain; charset={Charset}";
        var content = new DigestContent(
            () => new MemoryStream(Bytes.Array!, Bytes.Offset, Bytes.Count, writable: false),
            mediaType
        );
        // A piece of HTML may begin with words.
        if (!IsHtml || content.Kind is ContentKind.Html or ContentKind.Xml || !Tag().IsMatch(content.Head))
            return content;
        byte[] page = [.. "<!DOCTYPE html>"u8, .. Bytes];
        return new DigestContent(() => new MemoryStream(page, writable: false), mediaType);
    }

    private static (ArraySegment<byte> Bytes, bool IsCutOff) Decode(
        ReadOnlyMemory<byte> content,
        ContentEncoding encoding
    )
    {
        IMimeDecoder? decoder = encoding switch
        {
            ContentEncoding.Base64 => new Base64Decoder(),
            ContentEncoding.QuotedPrintable => new QuotedPrintableDecoder(),
            ContentEncoding.UUEncode => new UUDecoder(),
            _ => null,
        };
        // Messages are large, so nothing is copied without need.
        var raw = MemoryMarshal.TryGetArray(content, out var segment) ? segment : content.ToArray();
        if (decoder is null)
            return (raw, false);
        var output = new byte[decoder.EstimateOutputLength(raw.Count)];
        var length = decoder.Decode(raw.Array!, raw.Offset, raw.Count, output);
        return (new(output, 0, length), encoding == ContentEncoding.Base64 && IsBroken(raw));
    }

    // Four letters stand for three bytes; what is left over was cut off.
    private static bool IsBroken(ReadOnlySpan<byte> raw)
    {
        var letters = 0L;
        foreach (var c in raw)
            if (IsBase64(c) || c == (byte)'=')
                letters++;
        return letters % 4 != 0;
    }

    private static bool LooksLikeBase64(ReadOnlySpan<byte> raw)
    {
        foreach (var c in raw[..Math.Min(raw.Length, 2048)])
            if (!IsBase64(c) && c is not ((byte)'=' or (byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t'))
                return false;
        return true;
    }

    // Lines of full length, and nothing that is not of its letters.
    private static bool IsWhollyBase64(ReadOnlySpan<byte> raw)
    {
        var text = raw.Trim("\r\n \t"u8);
        var first = text.IndexOf((byte)'\n');
        if (first is < 60 or > 78 || text.Length < 200)
            return false;
        foreach (var c in text)
            if (!IsBase64(c) && c is not ((byte)'=' or (byte)'\r' or (byte)'\n'))
                return false;
        return true;
    }

    // Lines that end in "=" and quoted signs: somebody on the way has lost the header field.
    private static bool LooksQuoted(ReadOnlySpan<byte> raw)
    {
        raw = raw[..Math.Min(raw.Length, Looked)];
        return raw.Count("=3D"u8) >= 2 && raw.Count("=\n"u8) + raw.Count("=\r\n"u8) >= 2;
    }

    private static bool IsBase64(byte c) =>
        c
            is >= (byte)'A'
                and <= (byte)'Z'
                or >= (byte)'a'
                and <= (byte)'z'
                or >= (byte)'0'
                and <= (byte)'9'
                or (byte)'+'
                or (byte)'/';

    private static string? CharsetOf(string? stated, ReadOnlySpan<byte> bytes, bool isHtml)
    {
        var (several, wrong) = Utf8In(bytes);
        var encoding = stated is null ? null : Charsets.Named(stated.Trim('\'', '"', ' '));
        if (several + wrong == 0)
            // Pure ASCII also holds what is shifted, such as ISO-2022-JP.
            return encoding is null ? null : stated;
        if (encoding is null or UTF8Encoding || encoding.CodePage == Charsets.Western.CodePage)
            return several > wrong ? "utf-8"
                : isHtml && encoding is not { CodePage: 1252 } ? null
                : Charsets.Western.WebName;
        if (wrong == 0 && encoding.IsSingleByte && several > 1)
            return "utf-8";
        return stated;
    }

    // How many characters of several bytes there are, and how many bytes that are none.
    private static (long Several, long Wrong) Utf8In(ReadOnlySpan<byte> bytes)
    {
        var (several, wrong) = (0L, 0L);
        while (true)
        {
            var next = bytes.IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
            if (next < 0)
                return (several, wrong);
            bytes = bytes[next..];
            if (Rune.DecodeFromUtf8(bytes, out _, out var length) == System.Buffers.OperationStatus.Done)
                several++;
            else
                wrong++;
            bytes = bytes[length..];
        }
    }

    // RFC 3676: a line that ends in a blank goes on in the next one; "-- " is the mark of a signature.
    private static byte[] Unflowed(ReadOnlySpan<byte> bytes)
    {
        using var text = new MemoryStream(bytes.Length);
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? [] : bytes[(end + 1)..];
            line = line.TrimEnd((byte)'\r');
            // A blank at the beginning was put there to protect the line.
            if (line is [(byte)' ', (byte)'F' or (byte)'>' or (byte)' ', ..])
                line = line[1..];
            text.Write(line);
            if (line is not [.., (byte)' '] || line.SequenceEqual("-- "u8))
                text.WriteByte((byte)'\n');
        }

        return text.ToArray();
    }

    [GeneratedRegex("<(?:[A-Za-z][A-Za-z0-9]*[ >/]|br|/[A-Za-z])", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
