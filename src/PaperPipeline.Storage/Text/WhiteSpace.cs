using System.Buffers;

namespace PaperPipeline.Storage.Text;

/// <summary>White space as text that is folded has it: single blanks between words.</summary>
public static class WhiteSpace
{
    private static readonly SearchValues<char> Other = SearchValues.Create([
        .. Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(c => c != ' ' && char.IsWhiteSpace(c)),
    ]);

    /// <summary>True when folding would change nothing.</summary>
    public static bool IsFolded(ReadOnlySpan<char> text) =>
        !text.ContainsAny(Other)
        && !text.Contains("  ", StringComparison.Ordinal)
        && !text.StartsWith(' ')
        && !text.EndsWith(' ');
}
