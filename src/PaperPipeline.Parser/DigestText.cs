using System.Text;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Parser;

/// <summary>The text of a digest, read line by line as often as needed and never held whole.</summary>
public sealed class DigestText(Func<Stream> open)
{
    /// <summary>Longest line, in characters; the rest of a longer one is dropped while reading.</summary>
    public const int LongestLine = 256 * 1024;

    // A noncharacter stands for undecodable bytes until its line is complete: U+FFFD may be in the text itself.
    private const char Undecodable = '\uFFFF';
    private const string LineEnds = "\n\r\u0085\u2028\u2029";
    private static readonly System.Buffers.SearchValues<char> Ends = System.Buffers.SearchValues.Create(LineEnds);

    /// <summary>The lines, in order. Each call reads the digest from its beginning.</summary>
    public IEnumerable<TextLine> Lines()
    {
        using var reader = Reader();
        var buffer = new char[16 * 1024];
        var line = new StringBuilder();
        var (number, cut, afterReturn, any) = (1, false, false, false);
        int read;
        while ((read = reader.Read(buffer, 0, buffer.Length)) > 0)
        {
            var from = 0;
            if (afterReturn && buffer[0] == '\n')
                from = 1;
            afterReturn = false;
            while (from < read)
            {
                var end = buffer.AsSpan(from, read - from).IndexOfAny(Ends);
                var length = end < 0 ? read - from : end;
                var room = Math.Min(length, LongestLine - line.Length);
                line.Append(buffer, from, room);
                cut |= room < length;
                any |= length > 0;
                from += length;
                if (end < 0)
                    break;
                yield return Line(number++, line, cut);
                line.Clear();
                (cut, any) = (false, false);
                if (buffer[from++] == '\r')
                {
                    if (from == read)
                        afterReturn = true;
                    else if (buffer[from] == '\n')
                        from++;
                }
            }
        }

        if (any)
            yield return Line(number, line, cut);
    }

    /// <summary>How the text begins.</summary>
    public string Beginning()
    {
        using var reader = Reader();
        var buffer = new char[2048];
        var read = reader.ReadBlock(buffer, 0, buffer.Length);
        var shown = buffer.AsSpan(0, read);
        foreach (ref var c in shown)
        {
            if (c == Undecodable || (char.IsControl(c) && !char.IsWhiteSpace(c)))
                c = '\uFFFD';
        }

        return Rejections.Excerpt(Folding.Fold(shown));
    }

    /// <summary>Throws where the bytes are no text or there is nothing to read.</summary>
    internal void ThrowIfUnreadable()
    {
        using var reader = Reader();
        var buffer = new char[16 * 1024];
        long characters = 0,
            controls = 0;
        var zero = false;
        int read;
        while (!zero && (read = reader.Read(buffer, 0, buffer.Length)) > 0)
        {
            zero = buffer.AsSpan(0, read).Contains('\0');
            foreach (var c in buffer.AsSpan(0, read))
            {
                if (char.IsWhiteSpace(c) || c == '\uFEFF')
                    continue;
                characters++;
                if (char.IsControl(c))
                    controls++;
            }
        }

        if (zero || controls * 10 > characters)
        {
            throw new UnreadableDigestException(
                "binary file, not a text: save the page as plain text in UTF-8 and ingest that",
                Beginning()
            );
        }

        if (characters == 0)
            throw new UnreadableDigestException("the digest is empty", string.Empty);
    }

    private static TextLine Line(int number, StringBuilder line, bool cut)
    {
        if (cut && char.IsHighSurrogate(line[^1]))
            line.Length--;
        var text = line.ToString();
        var invalid = text.Contains(Undecodable, StringComparison.Ordinal);
        if (invalid)
            text = text.Replace(Undecodable, '\uFFFD');
        return new TextLine(number, Folding.Fold(text), cut, invalid);
    }

    private StreamReader Reader()
    {
        var fallback = new DecoderReplacementFallback(Undecodable.ToString());
        var stream = open();
        Span<byte> mark = stackalloc byte[3];
        var marked = stream.ReadAtLeast(mark, 3, throwOnEndOfStream: false);
        stream.Dispose();
        stream = open();
        var name =
            marked >= 2 && mark[0] == 0xFF && mark[1] == 0xFE ? "utf-16"
            : marked >= 2 && mark[0] == 0xFE && mark[1] == 0xFF ? "utf-16BE"
            : "utf-8";
        // The mark itself is white space to the folding.
        var encoding = Encoding.GetEncoding(name, EncoderFallback.ReplacementFallback, fallback);
        return new StreamReader(stream, encoding, detectEncodingFromByteOrderMarks: false, bufferSize: 64 * 1024);
    }
}
