using System.Globalization;
using System.Text;

namespace PaperPipeline.Storage.Text;

/// <summary>Folds text to what counts when it is compared or searched.</summary>
public static class Folding
{
    /// <summary>Words in lower case without accents, apostrophes and TeX.</summary>
    public static IReadOnlyList<string> Tokens(string text)
    {
        var tokens = new List<string>();
        var token = new StringBuilder();
        var plain = CleanText.Clean(text).Normalize(NormalizationForm.FormKD);
        for (var i = 0; i < plain.Length; i++)
        {
            if (!Rune.TryGetRuneAt(plain, i, out var rune))
            {
                rune = Rune.ReplacementChar;
            }

            i += rune.Utf16SequenceLength - 1;
            if (Rune.IsLetterOrDigit(rune))
            {
                Append(Rune.ToLowerInvariant(rune), token);
            }
            else if (!IsInsideWord(rune, plain, i, token.Length > 0) && token.Length > 0)
            {
                tokens.Add(token.ToString());
                token.Clear();
            }
        }

        if (token.Length > 0)
        {
            tokens.Add(token.ToString());
        }

        return tokens;
    }

    /// <summary>The tokens joined by one space.</summary>
    public static string Fold(string text) => string.Join(' ', Tokens(text));

    /// <summary>Letters and digits of a title only, without a leading article: for fingerprints.</summary>
    public static string TitleKey(string title)
    {
        var tokens = Tokens(title);
        var article = tokens.Count > 1 && tokens[0] is "a" or "an" or "the";
        return string.Concat(article ? tokens.Skip(1) : tokens);
    }

    private static bool IsInsideWord(Rune rune, string text, int index, bool started)
    {
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)
        {
            return true;
        }

        return started && rune.Value is '\'' or '’' or 'ʼ' && index + 1 < text.Length && char.IsLetter(text[index + 1]);
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
            _ => token.Append(rune.ToString()),
        };
    }
}
