using PaperPipeline.Contracts;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>
/// The kinds of dead letters: a word each, by which they are counted, and under which docs/operations.md says what to do.
/// </summary>
public static class RejectionKind
{
    /// <summary>An address that could not be fetched.</summary>
    public const string Source = "source";

    /// <summary>A digest in a layout that no shape knows.</summary>
    public const string UnknownShape = "unknown_shape";

    /// <summary>A digest that is too large to be kept, or holds more than is read of one.</summary>
    public const string TooLarge = "too_large";

    /// <summary>A digest of a known layout that cannot be read at all.</summary>
    public const string UnreadableDigest = "unreadable_digest";

    /// <summary>A digest that breaks off, or cannot be read from some place on.</summary>
    public const string CutOff = "cut_off";

    /// <summary>A digest that declares another number of papers than were read.</summary>
    public const string Count = "count";

    /// <summary>A place of a digest that belongs to no paper.</summary>
    public const string Place = "place";

    /// <summary>An entry that could not be enriched.</summary>
    public const string NotEnriched = "not_enriched";

    /// <summary>A paper that the index refused.</summary>
    public const string NotIndexed = "not_indexed";

    /// <summary>What a stage gave up after several tries.</summary>
    public const string GaveUp = "gave_up";

    /// <summary>What probably kills its worker.</summary>
    public const string KillsWorker = "kills_worker";

    /// <summary>A message that another version may have sent.</summary>
    public const string UnknownMessage = "unknown_message";

    /// <summary>A message that cannot be read.</summary>
    public const string UnreadableMessage = "unreadable_message";

    /// <summary>A dead letter whose words the indexer did not survive.</summary>
    public const string Unquotable = "unquotable";

    private static readonly (string Beginning, string Kind)[] ByReason =
    [
        (RejectionReasons.Unquotable, Unquotable),
        (RejectionReasons.DeliveredTooOften, KillsWorker),
        (RejectionReasons.UnknownMessage, UnknownMessage),
        (RejectionReasons.UnreadableMessage, UnreadableMessage),
        (RejectionReasons.NotEnriched, NotEnriched),
        (RejectionReasons.NotIndexed, NotIndexed),
    ];

    // Where the rest of a digest is missing, whoever read it says so in one of these ways.
    private static readonly string[] Breaks =
    [
        "could not be read from here on",
        "cannot be read from here on",
        "cut off",
        "the rest is not read",
        "only its beginning was read",
    ];

    // Whoever compares what a digest declares with what was read says so in one of these ways.
    private static readonly string[] Counts =
    [
        "declare",
        " were read",
        "the page shows ",
        "the next page begins ",
        "has no paper with this id that was asked for",
        "knows no paper with the id that was asked for",
    ];

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Source,
        UnknownShape,
        TooLarge,
        UnreadableDigest,
        CutOff,
        Count,
        Place,
        NotEnriched,
        NotIndexed,
        GaveUp,
        KillsWorker,
        UnknownMessage,
        UnreadableMessage,
        Unquotable,
    ];

    /// <summary>Which kinds each stage has.</summary>
    internal static IEnumerable<(string Stage, string Kind)> ByStage =>
        from stage in (string[])["fetch", "parse", "enrich", "index"]
        from kind in Own(stage).Concat([GaveUp, KillsWorker, UnknownMessage, UnreadableMessage, Unquotable])
        select (stage, kind);

    private static IEnumerable<string> Own(string stage) =>
        stage switch
        {
            "fetch" => [Source],
            "parse" => [UnknownShape, TooLarge, UnreadableDigest, CutOff, Count, Place],
            "enrich" => [NotEnriched],
            _ => [NotIndexed],
        };

    /// <summary>The kind of a dead letter.</summary>
    public static string Of(EntryRejected rejected)
    {
        var reason = rejected.Reason;
        foreach (var (beginning, kind) in ByReason)
            if (reason.StartsWith(beginning, StringComparison.Ordinal))
                return kind;
        // An address that did not answer for long is no different from one that refuses: somebody must look at it.
        if (rejected is { Stage: "fetch", Request: not null })
            return Source;
        if (reason.StartsWith(RejectionReasons.GaveUp, StringComparison.Ordinal) || rejected.Stage != "parse")
            return GaveUp;
        return rejected.Position is null ? OfDigest(reason) : OfPlace(rejected.Position, reason);
    }

    private static string OfDigest(string reason) =>
        reason.StartsWith(RejectionReasons.UnknownShape, StringComparison.Ordinal)
        || reason.StartsWith(RejectionReasons.UnknownMail, StringComparison.Ordinal)
            ? UnknownShape
        : reason.StartsWith(RejectionReasons.TooLarge, StringComparison.Ordinal) ? TooLarge
        : UnreadableDigest;

    private static string OfPlace(string position, string reason) =>
        reason.Contains(RejectionReasons.Split, StringComparison.Ordinal) ? TooLarge
        : Breaks.Any(words => reason.Contains(words, StringComparison.Ordinal)) ? CutOff
        : position.EndsWith("declared count", StringComparison.Ordinal)
        || Counts.Any(words => reason.Contains(words, StringComparison.Ordinal))
            ? Count
        : Place;
}
