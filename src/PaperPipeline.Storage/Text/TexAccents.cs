using System.Collections.Frozen;

namespace PaperPipeline.Storage.Text;

/// <summary>TeX accent commands and the combining marks they stand for.</summary>
internal static class TexAccents
{
    /// <summary>Accents whose command is one character other than a letter.</summary>
    public static readonly FrozenDictionary<char, char> Signs = new Dictionary<char, char>
    {
        ['\''] = '\u0301',
        ['`'] = '\u0300',
        ['^'] = '\u0302',
        ['"'] = '\u0308',
        ['~'] = '\u0303',
        ['='] = '\u0304',
        ['.'] = '\u0307',
    }.ToFrozenDictionary();

    /// <summary>Accents whose command is a word, for text and for math.</summary>
    public static readonly FrozenDictionary<string, char> Words = new Dictionary<string, char>(StringComparer.Ordinal)
    {
        ["v"] = '\u030C',
        ["u"] = '\u0306',
        ["c"] = '\u0327',
        ["k"] = '\u0328',
        ["H"] = '\u030B',
        ["r"] = '\u030A',
        ["d"] = '\u0323',
        ["b"] = '\u0331',
        ["hat"] = '\u0302',
        ["widehat"] = '\u0302',
        ["tilde"] = '\u0303',
        ["widetilde"] = '\u0303',
        ["bar"] = '\u0304',
        ["overline"] = '\u0304',
        ["dot"] = '\u0307',
        ["ddot"] = '\u0308',
        ["check"] = '\u030C',
        ["breve"] = '\u0306',
        ["acute"] = '\u0301',
        ["grave"] = '\u0300',
        ["vec"] = '\u20D7',
        ["mathring"] = '\u030A',
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
