using System.Text;
using PaperPipeline.Parser.Content;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Parser;

/// <summary>The text of a digest, read line by line as often as needed and never held whole.</summary>
/// <param name="open">Gives a new reader of the same text at each call; undecodable bytes are U+FFFF.</param>
public sealed class DigestText(Func<TextReader> open)
{
    /// <summary>Longest line, in characters; the rest of a longer one is dropped while reading.</summary>
    public const int LongestLine = 256 * 1024;

    /// <summary>Greatest number of lines: a hundred thousand papers take fewer, and each has its price although it says nothing.</summary>
    public const int MostLines = 1_000_000;

    private const string LineEnds = "\n\r\u0085\u2028\u2029";
    private static readonly System.Buffers.SearchValues<char> Ends = System.Buffers.SearchValues.Create(LineEnds);

    /// <summary>Who has read the lines was given no more of them, though there are more than may be.</summary>
    public bool HasMore { get; private set; }

    /// <summary>The lines, in order. Each call reads the digest from its beginning.</summary>
    public IEnumerable<TextLine> Lines()
    {
        using var reader = open();
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
                if (number > MostLines)
                {
                    HasMore = true;
                    yield break;
                }

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
        using var reader = open();
        var buffer = new char[2048];
        var read = reader.ReadBlock(buffer, 0, buffer.Length);
        var shown = buffer.AsSpan(0, read);
        foreach (ref var c in shown)
        {
            if (c == DigestContent.Undecodable || (char.IsControl(c) && !char.IsWhiteSpace(c)))
                c = '\uFFFD';
        }

        return Rejections.Excerpt(Folding.Fold(shown));
    }

    private static TextLine Line(int number, StringBuilder line, bool cut)
    {
        if (cut && char.IsHighSurrogate(line[^1]))
            line.Length--;
        var text = line.ToString();
        var invalid = text.Contains(DigestContent.Undecodable, StringComparison.Ordinal);
        if (invalid)
            text = text.Replace(DigestContent.Undecodable, '\uFFFD');
        var indent = text.AsSpan().IndexOfAnyExcept(' ', '\t');
        return new TextLine(number, Folding.Fold(text), cut, invalid, Math.Max(0, indent));
    }
}
