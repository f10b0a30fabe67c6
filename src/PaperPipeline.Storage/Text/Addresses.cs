namespace PaperPipeline.Storage.Text;

/// <summary>Finds where an address stands in a text, so that it is left alone.</summary>
internal static class Addresses
{
    private static readonly string[] Starts =
    [
        "https://",
        "http://",
        "www.",
        "github.com/",
        "gitlab.com/",
        "huggingface.co/",
        "doi.org/",
        "arxiv.org/",
    ];

    /// <summary>Number of characters of the address that begins here, or 0.</summary>
    public static int LengthAt(string text, int index)
    {
        if (
            text[index] is not ('h' or 'H' or 'w' or 'W' or 'g' or 'G' or 'd' or 'D' or 'a' or 'A')
            || (index > 0 && char.IsAsciiLetterOrDigit(text[index - 1]))
        )
        {
            return 0;
        }

        foreach (var start in Starts)
        {
            if (
                (text[index] | 0x20) == start[0]
                && text.AsSpan(index).StartsWith(start, StringComparison.OrdinalIgnoreCase)
            )
            {
                var length = End(text, index + start.Length) - index;
                return length > start.Length ? length : 0;
            }
        }

        return 0;
    }

    private static int End(string text, int index)
    {
        var depth = 0;
        for (; index < text.Length; index++)
        {
            var c = text[index];
            if (char.IsWhiteSpace(c) || c is '"' or '<' or '>' or '\\' or '$' or '`')
            {
                break;
            }

            if (c == '{')
            {
                depth++;
            }
            else if (c == '}' && --depth < 0)
            {
                break;
            }
        }

        return index;
    }
}
