using System.Buffers;
using System.Globalization;
using System.Text;

namespace PaperPipeline.Storage.Text;

/// <summary>Turns TeX accents and simple math into Unicode, folds white space and composes characters (NFC).</summary>
public static class CleanText
{
    private const int MaxPasses = 8;
    private const int MostMarks = 30;

    // Combining grapheme joiner: unseen, and no mark that is put in order.
    private const char Joiner = '\u034F';
    private static readonly SearchValues<char> Signs = SearchValues.Create(@"\${}^_`~'");

    /// <summary>
    /// The clean form of the text. It is a fixed point: cleaning it again changes nothing. Addresses stay as they
    /// are, unknown commands too, and no input makes it throw.
    /// </summary>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var plain = Normalize(text);
        var current = plain;
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            if (current.AsSpan().IndexOfAny(Signs) < 0)
            {
                return current;
            }

            var next = Normalize(new TexScanner(current).Run());
            if (string.Equals(next, current, StringComparison.Ordinal))
            {
                return current;
            }

            current = next;
        }

        // Text that does not settle is left as it was, so that cleaning it again takes the same way.
        return plain;
    }

    private static string Normalize(string text)
    {
        // Most texts: nothing to compose and no white space to fold.
        if (Ascii.IsValid(text) && WhiteSpace.IsFolded(text))
        {
            return text;
        }

        text = StreamSafe(WellFormed(text));
        if (WhiteSpace.IsFolded(text) && text.IsNormalized(NormalizationForm.FormC))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var start = 0;
        var i = 0;
        while (i < text.Length)
        {
            var length = Addresses.LengthAt(text, i);
            if (length == 0)
            {
                i++;
                continue;
            }

            Fold(text[start..i], result);
            result.Append(text, i, length);
            i += length;
            start = i;
        }

        Fold(text[start..], result);
        // Composing takes some characters apart too.
        return StreamSafe(result.ToString()).Trim();
    }

    private static void Fold(string part, StringBuilder result)
    {
        if (!part.IsNormalized(NormalizationForm.FormC))
        {
            part = part.Normalize(NormalizationForm.FormC);
        }

        foreach (var c in part)
        {
            if (!char.IsWhiteSpace(c))
            {
                result.Append(c);
            }
            else if (result.Length > 0 && result[^1] != ' ')
            {
                result.Append(' ');
            }
        }
    }

    // To put the marks of one letter in order takes the square of their number. A joiner ends a row that is longer than that of
    // any language, as Unicode's stream-safe text has it (UAX 15).
    private static string StreamSafe(string text)
    {
        StringBuilder? safe = null;
        var marks = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsLowSurrogate(text[i]))
            {
                marks = IsMark(text, i) ? marks + 1 : 0;
            }

            if (marks > MostMarks)
            {
                safe ??= new StringBuilder(text, 0, i, text.Length);
                safe.Append(Joiner);
                marks = 1;
            }

            safe?.Append(text[i]);
        }

        return safe?.ToString() ?? text;
    }

    private static bool IsMark(string text, int at) =>
        text[at] >= '\u0300'
        && text[at] != Joiner
        && CharUnicodeInfo.GetUnicodeCategory(text, at)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark;

    private static string WellFormed(string text)
    {
        char[]? chars = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]) || text[i] is '\uFFFE' or '\uFFFF')
            {
                chars ??= text.ToCharArray();
                chars[i] = '\uFFFD';
            }
        }

        return chars is null ? text : new string(chars);
    }
}
