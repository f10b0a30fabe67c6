using System.Buffers;
using System.Globalization;
using System.Text;
using AngleSharp.Html.Dom;
using PaperPipeline.Parser.Feeds;

namespace PaperPipeline.Parser.Content;

/// <summary>
/// The content of a digest, or of a part of one: its bytes, what they are, and how they are read. It is read from the
/// beginning as often as needed and never held whole.
/// </summary>
public sealed class DigestContent
{
    /// <summary>How many bytes are looked at to tell what a digest is.</summary>
    internal const int HeadSize = 256 * 1024;

    // A noncharacter stands for undecodable bytes: U+FFFD may be in the text itself.
    internal const char Undecodable = '\uFFFF';

    private readonly Func<Stream> open;
    private readonly Encoding encoding;
    private readonly Lazy<DigestText> text;
    private readonly Lazy<JsonOutline> json;
    private readonly Lazy<XmlOutline> xml;
    private readonly Lazy<IHtmlDocument> html;
    private readonly Lazy<FeedHead?> feed;

    /// <summary>Looks at the bytes.</summary>
    /// <param name="open">Gives a new stream of the same bytes at each call.</param>
    /// <param name="mediaType">The media type that the source stated, with its charset.</param>
    /// <exception cref="UnreadableDigestException">There is nothing to read, or nothing that is text.</exception>
    public DigestContent(Func<Stream> open, string? mediaType = null)
    {
        var bytes = FirstBytes(open);
        if (bytes is [0x1F, 0x8B, 0x08, ..])
        {
            var packed = open;
            open = () => new UnpackedStream(packed());
            bytes = Unpacking(() => FirstBytes(open));
        }

        this.open = open;
        (encoding, var stated) = Charsets.Of(bytes, mediaType);
        Head = Beginning(bytes);
        Kind = ContentSniffer.KindOf(Head);
        text = new(() => new DigestText(OpenText));
        var survey = Unpacking(() => ContentSurvey.Of(OpenText, Kind));
        if (survey.Problem is { } problem)
            throw new UnreadableDigestException(problem, Text.Beginning());
        if (survey.Undecodable > 0 && Kind is not (ContentKind.Text or ContentKind.Mail))
        {
            var guess = Kind is ContentKind.Html or ContentKind.Xml && survey.Undecodable >= survey.Decoded;
            if (stated || !guess)
                EncodingNote = Note(survey, guess ? "was read as windows-1252" : "each became U+FFFD");
            if (guess)
            {
                encoding = Charsets.Western;
                Head = Beginning(bytes);
            }
        }

        json = new(() => JsonOutline.Of(this));
        xml = new(() => XmlOutline.Of(this));
        html = new(() => HtmlPage.Read(this));
        feed = new(() => Kind == ContentKind.Xml ? XmlFeed.HeadOf(this) : null);
    }

    /// <summary>What it is.</summary>
    public ContentKind Kind { get; }

    /// <summary>How it begins: the first 256 KiB, decoded.</summary>
    public string Head { get; }

    /// <summary>Its lines.</summary>
    public DigestText Text => text.Value;

    /// <summary>The members that JSON begins with.</summary>
    internal JsonOutline Json => json.Value;

    /// <summary>The elements that XML begins with.</summary>
    internal XmlOutline Xml => xml.Value;

    /// <summary>The page that HTML is, whole.</summary>
    /// <exception cref="InvalidDataException">It exceeds a limit.</exception>
    internal IHtmlDocument Html => html.Value;

    /// <summary>What a feed in XML says of itself; null where it is none.</summary>
    internal FeedHead? Feed => feed.Value;

    /// <summary>Set where bytes are no text in the encoding that is stated: what became of them.</summary>
    internal ReportedPlace? EncodingNote { get; }

    /// <summary>A new stream of the bytes as they are.</summary>
    public Stream OpenBytes() => open();

    /// <summary>A new reader of the text; each undecodable byte is U+FFFF.</summary>
    public TextReader OpenText()
    {
        var decoder = (Encoding)encoding.Clone();
        decoder.DecoderFallback = new DecoderReplacementFallback(Undecodable.ToString());
        // A byte order mark is white space to whoever reads on.
        return new StreamReader(open(), decoder, detectEncodingFromByteOrderMarks: false, bufferSize: 16 * 1024);
    }

    /// <summary>A new stream of the text in UTF-8 without a byte order mark; each undecodable byte is U+FFFD.</summary>
    internal Stream OpenUtf8()
    {
        var stream = open();
        if (encoding is not UTF8Encoding)
            stream = Encoding.CreateTranscodingStream(stream, encoding, new UTF8Encoding(false));
        else if (EncodingNote is not null)
            stream = Encoding.CreateTranscodingStream(stream, Encoding.UTF8, new UTF8Encoding(false));
        return stream;
    }

    private static T Unpacking<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException broken)
        {
            throw new UnreadableDigestException($"what gzip packed cannot be read: {broken.Message.TrimEnd('.')}", "");
        }
    }

    private static byte[] FirstBytes(Func<Stream> open)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(HeadSize);
        using var stream = open();
        var read = stream.ReadAtLeast(buffer.AsSpan(0, HeadSize), HeadSize, throwOnEndOfStream: false);
        var bytes = buffer[..read];
        ArrayPool<byte>.Shared.Return(buffer);
        return bytes;
    }

    private string Beginning(byte[] bytes)
    {
        var decoder = encoding.GetDecoder();
        var characters = ArrayPool<char>.Shared.Rent(encoding.GetMaxCharCount(bytes.Length));
        var length = decoder.GetChars(bytes, characters, flush: false);
        var beginning = characters.AsSpan(0, length).TrimStart('\uFEFF').ToString();
        ArrayPool<char>.Shared.Return(characters);
        return beginning;
    }

    private ReportedPlace Note(ContentSurvey survey, string became) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"encoding, line {survey.Line}"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{survey.Undecodable} bytes from line {survey.Line} on are not {encoding.WebName}: {became}"
            ),
            survey.Excerpt
        );
}
