using System.Text.Json.Serialization;

namespace PaperPipeline.Contracts;

/// <summary>An entry together with all that was computed from it: what the paper index keeps.</summary>
public sealed record Observation
{
    /// <summary>What the source said.</summary>
    public required Entry Entry { get; init; }

    /// <summary>What the enrichers made of it.</summary>
    public required Enrichment Enrichment { get; init; }

    /// <summary>When it was enriched first (UTC). Two observations that differ in times alone are the same.</summary>
    public DateTimeOffset? EnrichedAt { get; init; }

    /// <summary>When it was given to the index first (UTC).</summary>
    public DateTimeOffset? IndexedAt { get; init; }

    /// <summary>What decisions make of its keys; set by the index alone, from the decisions that it knows.</summary>
    public DecidedKeys? Decided { get; init; }

    /// <summary>The clean title, see <see cref="Enrichment.Title"/>.</summary>
    [JsonIgnore]
    public string CleanTitle => Enrichment.Title ?? Entry.Title;

    /// <summary>The clean abstract, see <see cref="Enrichment.Abstract"/>; null when there is none.</summary>
    [JsonIgnore]
    public string? CleanAbstract => Enrichment.Title is null ? Entry.Abstract : Enrichment.Abstract;
}

/// <summary>How decisions change the keys of an observation.</summary>
public sealed record DecidedKeys
{
    /// <summary>Keys that are not its own, ordered ordinally.</summary>
    public IReadOnlyList<string>? Without { get; init; }

    /// <summary>Keys that it has besides, ordered ordinally.</summary>
    public IReadOnlyList<string>? With { get; init; }
}

/// <summary>What is computed from one entry's title and abstract; a function of the entry and <see cref="Version"/>.</summary>
public sealed record Enrichment
{
    /// <summary>Version of the enrichers together.</summary>
    public required int Version { get; init; }

    /// <summary>
    /// Clean title: TeX accents and simple math as Unicode, white space folded. Absent, as the abstract is then, where title
    /// and abstract of the entry are clean as they are, which is usual.
    /// </summary>
    public string? Title { get; init; }

    /// <summary>Clean abstract, see <see cref="Title"/>.</summary>
    public string? Abstract { get; init; }

    /// <summary>The system's own name, such as <c>GridPull</c> in "GridPull: Towards ...".</summary>
    public string? Name { get; init; }

    /// <summary>Links found in title and abstract, each address once, ordered ordinally by address.</summary>
    public IReadOnlyList<Link>? Links { get; init; }

    /// <summary>Names of the enrichers that failed on this entry, ordered ordinally.</summary>
    public IReadOnlyList<string>? Missing { get; init; }
}

/// <summary>A link of a paper.</summary>
public sealed record Link
{
    /// <summary>Absolute http(s) address.</summary>
    public required string Url { get; init; }

    /// <summary>One of code, project, dataset, model, demo, video, paper.</summary>
    public required string Kind { get; init; }
}
