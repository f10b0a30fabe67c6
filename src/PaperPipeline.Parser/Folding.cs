using System.Buffers;
using System.Text;

namespace PaperPipeline.Parser;

/// <summary>White space folding.</summary>
internal static class Folding
{
    private static readonly SearchValues<char> OtherWhiteSpace = SearchValues.Create([
        .. Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(c => c != ' ' && char.IsWhiteSpace(c)),
    ]);

    /// <summary>All runs of white space become one blank; none, and no byte order mark, at either end.</summary>
    public static string Fold(ReadOnlySpan<char> text)
    {
        text = text.Trim(" \t\uFEFF");
        if (!text.ContainsAny(OtherWhiteSpace) && !text.Contains("  ", StringComparison.Ordinal))
            return text.ToString();

        var folded = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c))
                folded.Append(c);
            else if (folded.Length > 0 && folded[^1] != ' ')
                folded.Append(' ');
        }

        if (folded.Length > 0 && folded[^1] == ' ')
            folded.Length--;
        return folded.ToString();
    }
}
