using PaperPipeline.Contracts;

namespace PaperPipeline.Parser;

/// <summary>One thing found in a digest, in source order.</summary>
public abstract record ParsedItem;

/// <summary>A paper as the digest announces it.</summary>
public sealed record ParsedEntry(Entry Entry) : ParsedItem;

/// <summary>A place that a person should look at: its lines, why, and how it begins.</summary>
public sealed record ReportedPlace(string Position, string Reason, string Excerpt) : ParsedItem;
