namespace PaperPipeline.Parser;

/// <summary>A line of a digest.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Text">Its text, white space folded; empty for a blank line.</param>
/// <param name="Cut">It was longer than a line may be and was cut.</param>
/// <param name="Invalid">It has bytes that are no text in the digest's encoding; each became U+FFFD.</param>
/// <param name="Indent">With how many blanks and tabs it begins.</param>
public readonly record struct TextLine(int Number, string Text, bool Cut, bool Invalid, int Indent)
{
    /// <summary>The line has nothing but white space.</summary>
    public bool IsBlank => Text.Length == 0;
}
