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

        var words = new StringBuilder(plain.Length);
        for (var i = 0; i < plain.Length; i++)
        {
            if (char.IsAsciiLetterOrDigit(plain[i]))
            {
                words.Append(char.ToLowerInvariant(plain[i]));
                continue;
            }

            if (!Rune.TryGetRuneAt(plain, i, out var rune))
            {
                rune = Rune.ReplacementChar;
            }

            i += rune.Utf16SequenceLength - 1;
            var started = words.Length > 0 && words[^1] != ' ';
            if (Rune.IsLetterOrDigit(rune))
            {
                Append(Rune.ToLowerInvariant(rune), words);
            }
            else if (started && !IsInsideWord(rune, plain, i))
            {
                words.Append(' ');
            }
        }

        return words.ToString().TrimEnd(' ');
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

    private static void Append(Rune rune, StringBuilder token)
    {
        _ = rune.Value switch
        {
            'ß' or 'ẞ' => token.Append("ss"),
            'ø' => token.Append('o'),
            'ł' => token.Append('l'),
            'đ' or 'ð' => token.Append('d'),
            'þ' => token.Append("th"),
            'æ' => token.Append("ae"),
            'œ' => token.Append("oe"),
            'ı' => token.Append('i'),
            'ς' => token.Append('σ'),
            'ʼ' => token,
            _ => rune.IsBmp ? token.Append((char)rune.Value) : token.Append(rune.ToString()),
        };
    }
}
