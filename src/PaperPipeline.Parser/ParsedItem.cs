using PaperPipeline.Contracts;

namespace PaperPipeline.Parser;

/// <summary>One thing found in a digest, in source order.</summary>
public abstract record ParsedItem;

/// <summary>A paper as the digest announces it.</summary>
public sealed record ParsedEntry(Entry Entry) : ParsedItem;

/// <summary>A place that a person should look at.</summary>
/// <param name="Position">Where: <c>line 12</c>, <c>lines 12-14</c>, <c>element 3</c>, <c>part 2, line 5</c>.</param>
/// <param name="Reason">Why, in one sentence.</param>
/// <param name="Excerpt">How it begins, at most 500 characters; nothing of a mail's addresses and personal links.</param>
public sealed record ReportedPlace(string Position, string Reason, string Excerpt) : ParsedItem
{
    /// <summary>The shape that the digest was recognised as.</summary>
    public string? Shape { get; init; }
}
