namespace PaperPipeline.Parser;

/// <summary>A recognised digest.</summary>
public sealed class ParsedDigest
{
    internal ParsedDigest(string shape, string recognisedBy, DateOnly? day, IEnumerable<ParsedItem> items) =>
        (Shape, RecognisedBy, Day, Items) = (shape, recognisedBy, day, items);

    /// <summary>Name of the shape that was recognised.</summary>
    public string Shape { get; }

    /// <summary>What it was recognised by, for a person.</summary>
    public string RecognisedBy { get; }

    /// <summary>The day the digest belongs to, where known.</summary>
    public DateOnly? Day { get; }

    /// <summary>What the digest holds; each enumeration reads the digest anew, with bounded memory.</summary>
    public IEnumerable<ParsedItem> Items { get; }
}
