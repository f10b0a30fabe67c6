using System.Collections.Frozen;

namespace PaperPipeline.Storage.Text;

/// <summary>Superscript and subscript characters.</summary>
internal static class TexScripts
{
    /// <summary>Characters with a superscript form.</summary>
    public static readonly FrozenDictionary<char, char> Superscripts = new Dictionary<char, char>
    {
        ['0'] = '⁰',
        ['1'] = '¹',
        ['2'] = '²',
        ['3'] = '³',
        ['4'] = '⁴',
        ['5'] = '⁵',
        ['6'] = '⁶',
        ['7'] = '⁷',
        ['8'] = '⁸',
        ['9'] = '⁹',
        ['+'] = '⁺',
        ['-'] = '⁻',
        ['='] = '⁼',
        ['('] = '⁽',
        [')'] = '⁾',
        ['a'] = 'ᵃ',
        ['b'] = 'ᵇ',
        ['c'] = 'ᶜ',
        ['d'] = 'ᵈ',
        ['e'] = 'ᵉ',
        ['f'] = 'ᶠ',
        ['g'] = 'ᵍ',
        ['h'] = 'ʰ',
        ['i'] = 'ⁱ',
        ['j'] = 'ʲ',
        ['k'] = 'ᵏ',
        ['l'] = 'ˡ',
        ['m'] = 'ᵐ',
        ['n'] = 'ⁿ',
        ['o'] = 'ᵒ',
        ['p'] = 'ᵖ',
        ['r'] = 'ʳ',
        ['s'] = 'ˢ',
        ['t'] = 'ᵗ',
        ['u'] = 'ᵘ',
        ['v'] = 'ᵛ',
        ['w'] = 'ʷ',
        ['x'] = 'ˣ',
        ['y'] = 'ʸ',
        ['z'] = 'ᶻ',
        ['A'] = 'ᴬ',
        ['B'] = 'ᴮ',
        ['D'] = 'ᴰ',
        ['E'] = 'ᴱ',
        ['G'] = 'ᴳ',
        ['H'] = 'ᴴ',
        ['I'] = 'ᴵ',
        ['J'] = 'ᴶ',
        ['K'] = 'ᴷ',
        ['L'] = 'ᴸ',
        ['M'] = 'ᴹ',
        ['N'] = 'ᴺ',
        ['O'] = 'ᴼ',
        ['P'] = 'ᴾ',
        ['R'] = 'ᴿ',
        ['T'] = 'ᵀ',
        ['U'] = 'ᵁ',
        ['V'] = 'ⱽ',
        ['W'] = 'ᵂ',
        ['∘'] = '°',
        ['′'] = '′',
        ['*'] = '*',
        ['∗'] = '*',
        ['†'] = '†',
        ['⊤'] = 'ᵀ',
        ['θ'] = 'ᶿ',
        ['β'] = 'ᵝ',
        ['γ'] = 'ᵞ',
        ['δ'] = 'ᵟ',
        ['φ'] = 'ᵠ',
        ['χ'] = 'ᵡ',
        ['−'] = '⁻',
    }.ToFrozenDictionary();

    /// <summary>Characters with a subscript form.</summary>
    public static readonly FrozenDictionary<char, char> Subscripts = new Dictionary<char, char>
    {
        ['0'] = '₀',
        ['1'] = '₁',
        ['2'] = '₂',
        ['3'] = '₃',
        ['4'] = '₄',
        ['5'] = '₅',
        ['6'] = '₆',
        ['7'] = '₇',
        ['8'] = '₈',
        ['9'] = '₉',
        ['+'] = '₊',
        ['-'] = '₋',
        ['='] = '₌',
        ['('] = '₍',
        [')'] = '₎',
        ['a'] = 'ₐ',
        ['e'] = 'ₑ',
        ['h'] = 'ₕ',
        ['i'] = 'ᵢ',
        ['j'] = 'ⱼ',
        ['k'] = 'ₖ',
        ['l'] = 'ₗ',
        ['m'] = 'ₘ',
        ['n'] = 'ₙ',
        ['o'] = 'ₒ',
        ['p'] = 'ₚ',
        ['r'] = 'ᵣ',
        ['s'] = 'ₛ',
        ['t'] = 'ₜ',
        ['u'] = 'ᵤ',
        ['v'] = 'ᵥ',
        ['x'] = 'ₓ',
        ['β'] = 'ᵦ',
        ['γ'] = 'ᵧ',
        ['ρ'] = 'ᵨ',
        ['φ'] = 'ᵩ',
        ['χ'] = 'ᵪ',
    }.ToFrozenDictionary();

    /// <summary>The text as super- or subscript, or null when a character has no such form.</summary>
    public static string? Convert(string text, bool superscript)
    {
        var table = superscript ? Superscripts : Subscripts;
        var chars = new char[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            if (!table.TryGetValue(text[i], out chars[i]))
            {
                return null;
            }
        }

        return text.Length == 0 ? null : new string(chars);
    }
}
