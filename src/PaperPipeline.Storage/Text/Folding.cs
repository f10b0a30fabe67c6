using System.Buffers;
using System.Globalization;
using System.Text;

namespace PaperPipeline.Storage.Text;

/// <summary>Folds text to what counts when it is compared or searched.</summary>
public static class Folding
{
    /// <summary>Words in lower case without accents, apostrophes and TeX.</summary>
    public static IReadOnlyList<string> Tokens(string text) =>
        Fold(text) is { Length: > 0 } words ? words.Split(' ') : [];

    /// <summary>The tokens joined by one space.</summary>
    public static string Fold(string text)
    {
        var plain = CleanText.Clean(text);
        if (!Ascii.IsValid(plain))
        {
            plain = plain.Normalize(NormalizationForm.FormKD);
        }

        // No character becomes more than two.
        var rented = ArrayPool<char>.Shared.Rent(plain.Length * 2);
        var folded = new string(rented.AsSpan(0, Fold(plain, rented)));
        ArrayPool<char>.Shared.Return(rented);
        return folded;
    }

    private static int Fold(string plain, Span<char> words)
    {
        var length = 0;
        for (var i = 0; i < plain.Length; i++)
        {
            var letter = plain[i];
            if (char.IsAsciiLetterOrDigit(letter))
            {
                words[length++] = letter is >= 'A' and <= 'Z' ? (char)(letter | 0x20) : letter;
                continue;
            }

            if (!Rune.TryGetRuneAt(plain, i, out var rune))
            {
                rune = Rune.ReplacementChar;
            }

            i += rune.Utf16SequenceLength - 1;
            var started = length > 0 && words[length - 1] != ' ';
            if (Rune.IsLetterOrDigit(rune))
            {
                length += Write(Rune.ToLowerInvariant(rune), words[length..]);
            }
            else if (started && !IsInsideWord(rune, plain, i))
            {
                words[length++] = ' ';
            }
        }

        return length > 0 && words[length - 1] == ' ' ? length - 1 : length;
    }

    /// <summary>Letters and digits of a title only, without a leading article: for fingerprints.</summary>
    public static string TitleKey(string title) => TitleKey(Tokens(title));

    /// <summary>The same of a title whose words are known.</summary>
    public static string TitleKey(IReadOnlyList<string> tokens)
    {
        var article = tokens.Count > 1 && tokens[0] is "a" or "an" or "the";
        return string.Concat(article ? tokens.Skip(1) : tokens);
    }

    private static bool IsInsideWord(Rune rune, string text, int index)
    {
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)
        {
            return true;
        }

        return rune.Value is '\'' or '’' or 'ʼ' && index + 1 < text.Length && char.IsLetter(text[index + 1]);
    }

    private static int Write(Rune rune, Span<char> into)
    {
        var letters = rune.Value switch
        {
            'ß' or 'ẞ' => "ss",
            'ø' => "o",
            'ł' => "l",
            'đ' or 'ð' => "d",
            'þ' => "th",
            'æ' => "ae",
            'œ' => "oe",
            'ı' => "i",
            'ς' => "σ",
            'ʼ' => "",
            _ => null,
        };
        if (letters is null)
        {
            return rune.EncodeToUtf16(into);
        }

        letters.CopyTo(into);
        return letters.Length;
    }
}
