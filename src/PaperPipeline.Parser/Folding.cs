using System.Text;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser;

/// <summary>White space folding.</summary>
internal static class Folding
{
    /// <summary>All runs of white space become one blank; none, and no byte order mark, at either end.</summary>
    public static string Fold(ReadOnlySpan<char> text)
    {
        text = text.Trim(" \t\uFEFF");
        if (WhiteSpace.IsFolded(text))
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
