namespace PaperPipeline.Parser;

/// <summary>
/// Limits of a digest. They are part of what a version of the parser reads: whoever changes one raises
/// <see cref="DigestParser.Version"/>, because two readings by one version must say the same.
/// </summary>
public sealed record ParserOptions
{
    /// <summary>Greatest number of entries of one digest.</summary>
    public int MaxEntries { get; init; } = 200_000;

    /// <summary>Greatest number of places of one digest that could not be read; behind them the rest is not read.</summary>
    public int MaxPlaces { get; init; } = 10_000;

    /// <summary>
    /// Greatest number of entries of one digest that are one paper by its strongest id, or without one by its title. Each is
    /// kept with the paper, which is written anew with each.
    /// </summary>
    public int MaxEntriesOfPaper { get; init; } = 1000;

    /// <summary>
    /// Greatest number of entries that say less than <see cref="MinEntrySize"/> on average. Titles alone say more: beyond so
    /// many it is no digest of papers.
    /// </summary>
    public int MaxTinyEntries { get; init; } = 20_000;

    /// <summary>What entries say at least on average, in bytes: their titles, abstracts, names and links.</summary>
    public int MinEntrySize { get; init; } = 40;

    /// <summary>Greatest number of entries of one page of HTML, which is held whole while they are read.</summary>
    public int MaxPageEntries { get; init; } = 10_000;

    /// <summary>Greatest number of messages of one mailbox.</summary>
    public int MaxMessages { get; init; } = 10_000;
}
