namespace PaperPipeline.Storage.Similarity;

/// <summary>What a source says of a work, as far as it tells works apart. What is unknown is empty or null.</summary>
public sealed record Citation
{
    /// <summary>The title; in records of poor quality other values stand at its end.</summary>
    public required string Title { get; init; }

    /// <summary>Authors, as "First Last", "F Last" or "Last, First".</summary>
    public IReadOnlyList<string> Authors { get; init; } = [];

    /// <summary>Where it was published, in any form; empty where unknown.</summary>
    public string Venue { get; init; } = "";

    /// <summary>The year in which it was published.</summary>
    public int? Year { get; init; }
}
