using System.Text;

namespace PaperPipeline.Parser;

/// <summary>White space folding and excerpts.</summary>
internal static class Folding
{
    private const int ExcerptLength = 500;

    /// <summary>All runs of white space become one blank, none at either end.</summary>
    public static string Fold(ReadOnlySpan<char> text)
    {
        text = text.Trim(" \t\uFEFF");
        var clean = true;
        for (var i = 0; i < text.Length && clean; i++)
        {
            var c = text[i];
            clean = c == ' ' ? i > 0 && text[i - 1] != ' ' && i < text.Length - 1 : !IsSpace(c);
        }

        if (clean)
            return text.ToString();

        var folded = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!IsSpace(c))
                folded.Append(c);
            else if (folded.Length > 0 && folded[^1] != ' ')
                folded.Append(' ');
        }

        if (folded.Length > 0 && folded[^1] == ' ')
            folded.Length--;
        return folded.ToString();
    }

    /// <summary>The beginning of a text, never half a character.</summary>
    public static string Excerpt(string text)
    {
        if (text.Length <= ExcerptLength)
            return text;
        return text[..(char.IsHighSurrogate(text[ExcerptLength - 1]) ? ExcerptLength - 1 : ExcerptLength)];
    }

    private static bool IsSpace(char c) => char.IsWhiteSpace(c) || c == '\uFEFF';
}
