namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>What goes wrong with one request on its way.</summary>
internal enum Fault
{
    None,

    // The request gets an answer of its own, and does not reach the server.
    TooManyRequests,
    Unavailable,
    BadGateway,
    GatewayTimeout,
    Breaker,
    DiskFull,
    BadRequest,
    Unauthorized,
    Forbidden,
    NotAcceptable,
    NoIndex,
    TooLarge,
    Redirected,
    ResetBefore,
    Endless,
    PackedEndless,

    // Every second operation of a bulk reaches the server.
    ItemsRejected,
    ItemsBroken,
    ItemsUnavailable,
    ItemsFailed,
    ItemsForbidden,
    ItemsReadOnly,
    ItemsDiskFull,
    ItemsWithoutIndex,

    // The request reaches the server; something happens to the answer.
    ResetAfter,
    NoAnswer,
    CutAnswer,
    CutChunks,
    CutPacking,
    NoJson,
    Empty,
    WrongPacking,
    OddAnswer,
    MissingItem,
    SwappedItems,
    OddItem,

    // A refresh, or a read of several documents, succeeds but for a part.
    PartMissing,
}

/// <summary>Errors as servers send them.</summary>
internal static class Faults
{
    /// <summary>Status and type of an error that a whole request gets.</summary>
    public static readonly IReadOnlyDictionary<Fault, (int Status, string Type)> OfRequests = new Dictionary<
        Fault,
        (int, string)
    >
    {
        [Fault.TooManyRequests] = (429, "es_rejected_execution_exception"),
        [Fault.Unavailable] = (503, "unavailable_shards_exception"),
        [Fault.Breaker] = (429, "circuit_breaking_exception"),
        [Fault.DiskFull] = (429, "cluster_block_exception"),
        [Fault.BadRequest] = (400, "illegal_argument_exception"),
        [Fault.Unauthorized] = (401, "security_exception"),
        [Fault.Forbidden] = (403, "security_exception"),
        [Fault.NotAcceptable] = (406, "media_type_header_exception"),
        [Fault.NoIndex] = (404, "index_not_found_exception"),
    };

    /// <summary>Status and type of the error that half of the operations of a bulk get.</summary>
    public static readonly IReadOnlyDictionary<Fault, (int Status, string Type)> OfItems = new Dictionary<
        Fault,
        (int, string)
    >
    {
        [Fault.ItemsRejected] = (429, "es_rejected_execution_exception"),
        [Fault.ItemsBroken] = (429, "circuit_breaking_exception"),
        [Fault.ItemsUnavailable] = (503, "unavailable_shards_exception"),
        [Fault.ItemsFailed] = (500, "null_pointer_exception"),
        [Fault.ItemsForbidden] = (403, "security_exception"),
        [Fault.ItemsReadOnly] = (403, "cluster_block_exception"),
        [Fault.ItemsDiskFull] = (429, "cluster_block_exception"),
        [Fault.ItemsWithoutIndex] = (404, "index_not_found_exception"),
    };

    /// <summary>Whether it can only happen to a bulk.</summary>
    public static bool IsOfBulks(Fault fault) =>
        OfItems.ContainsKey(fault) || fault is Fault.MissingItem or Fault.SwappedItems or Fault.OddItem;

    /// <summary>Whether it can only happen to a refresh, or to a read of several documents.</summary>
    public static bool IsOfReads(Fault fault) => fault == Fault.PartMissing;
}
