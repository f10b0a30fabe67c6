namespace PaperPipeline.Contracts;

/// <summary>
/// Event: a person decided which announcements are one paper, or that dead letters need nobody. The decision lies in the
/// archive; its effect is the same whenever it arrives, and however often.
/// </summary>
public sealed record DecisionMade
{
    /// <summary>The decision's identity: SHA-256 of its archived bytes, 64 lower-case hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The decision.</summary>
    public required Decision Decision { get; init; }
}

/// <summary>What a person decided of papers or dead letters.</summary>
public sealed record Decision
{
    /// <summary><c>merge</c>, <c>split</c>, <c>dismiss</c> or <c>undo</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>When it was decided (UTC).</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>
    /// Merge: the ids of the papers that are one. They mean all entries of which this is the strongest key, also later ones;
    /// an id <c>entry:…</c> means that entry.
    /// </summary>
    public IReadOnlyList<string>? Papers { get; init; }

    /// <summary>Split: the entries that are another paper.</summary>
    public IReadOnlyList<EntryReference>? Entries { get; init; }

    /// <summary>Split: the keys that these entries have in common with the paper they leave, and that are not theirs.</summary>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>Dismiss: the dead letters that need nobody.</summary>
    public IReadOnlyList<LetterReference>? Letters { get; init; }

    /// <summary>Undo: the decision that does not hold any more.</summary>
    public string? Undone { get; init; }

    /// <summary>Why, in the words of the person.</summary>
    public string? Reason { get; init; }
}

/// <summary>An entry as a decision names it, so that it is known again when a newer parser counts otherwise.</summary>
public sealed record EntryReference
{
    /// <summary>The digest.</summary>
    public required string Digest { get; init; }

    /// <summary>Its position there, from 1, as <see cref="ParserVersion"/> counts.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The version of the parser whose reading was decided upon.</summary>
    public required int ParserVersion { get; init; }

    /// <summary>Its strongest key, by which another version's reading is recognised; absent where it has none.</summary>
    public string? Key { get; init; }
}

/// <summary>
/// A dead letter as a decision names it. It is the same failure however often it is reported: also by another version of the
/// parser, unless it is about an entry, which versions may number differently.
/// </summary>
public sealed record LetterReference
{
    /// <summary>The letter's id.</summary>
    public required string Letter { get; init; }

    /// <summary>
    /// Its <see cref="EntryRejected.Attempts"/>: what was given back since and failed again is not meant, unless it is a place
    /// of a digest.
    /// </summary>
    public required int Attempts { get; init; }

    /// <summary>Its <see cref="EntryRejected.ParserVersion"/>.</summary>
    public required int ParserVersion { get; init; }
}
