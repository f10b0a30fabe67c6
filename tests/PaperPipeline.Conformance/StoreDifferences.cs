namespace PaperPipeline.Conformance;

/// <summary>
/// Where the adapters differ, all in one place. In everything else the suite requires the same of each: the same documents,
/// ids, accounts, order of export and of hits, and an export as of one moment. Scores have a scale of their own in each
/// store: they compare hits of one answer.
/// </summary>
public sealed record StoreDifferences
{
    /// <summary>A file of SQLite's, for one program at a time.</summary>
    public static StoreDifferences Sqlite { get; } =
        new()
        {
            TakesManyWriters = false,
            WritesBatchesWhole = true,
            OthersSeeAtOnce = true,
            LongestKey = null,
        };

    /// <summary>Elasticsearch and OpenSearch.</summary>
    public static StoreDifferences SearchServer { get; } =
        new()
        {
            TakesManyWriters = true,
            WritesBatchesWhole = false,
            OthersSeeAtOnce = false,
            LongestKey = 32_766,
        };

    /// <summary>Several processes, and several writes of one process, may be under way at once; else each waits for its turn.</summary>
    public required bool TakesManyWriters { get; init; }

    /// <summary>
    /// A batch is seen as a whole or not at all. Else it is seen paper by paper, some of it also when the write fails in the
    /// middle; and entries that move from one paper to another are in both for a moment, so that none is ever missing.
    /// </summary>
    public required bool WritesBatchesWhole { get; init; }

    /// <summary>
    /// Other processes see at once what was written; else after at most 5 s, when the server shows it. The process that wrote
    /// always sees it with its next question.
    /// </summary>
    public required bool OthersSeeAtOnce { get; init; }

    /// <summary>Bytes of the longest key of a paper; one with a longer key is refused. Null for any.</summary>
    public required int? LongestKey { get; init; }
}
