namespace PaperPipeline.Contracts;

/// <summary>
/// Event: a dead letter was given back to its stage. It is off the list until the same failure is reported with more
/// attempts, or by a newer version of the parser.
/// </summary>
public sealed record DeadLetterRetried
{
    /// <summary>The letter's id.</summary>
    public required string Letter { get; init; }

    /// <summary>The digest it belongs to, see <see cref="EntryRejected.Digest"/>.</summary>
    public required string Digest { get; init; }

    /// <summary>The letter's <see cref="EntryRejected.ParserVersion"/> when it was given back.</summary>
    public required int ParserVersion { get; init; }

    /// <summary>The letter's <see cref="EntryRejected.Attempts"/> when it was given back.</summary>
    public required int Attempts { get; init; }
}
