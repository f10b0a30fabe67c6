using System.Text.Json;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>What became of one operation of a bulk.</summary>
internal enum BulkFate
{
    /// <summary>Written.</summary>
    Done,

    /// <summary>Somebody else wrote the document, or it is not there: read again.</summary>
    Conflict,

    /// <summary>The document itself is refused, for ever.</summary>
    Refused,

    /// <summary>Not now: the same operation again, after a pause.</summary>
    Later,

    /// <summary>Nothing can be written until a person or time changes something.</summary>
    Stop,
}

/// <summary>What became of one operation of a bulk, with the version written or the reason.</summary>
/// <param name="Fate">What became of it.</param>
/// <param name="Version">The document's version.</param>
/// <param name="Status">The status as in HTTP.</param>
/// <param name="Error">Why not.</param>
/// <param name="Found">The document, where it was asked for and there.</param>
internal readonly record struct BulkResult(
    BulkFate Fate,
    DocumentVersion Version = default,
    int Status = 0,
    ServerError Error = default,
    string? Found = null
)
{
    /// <summary>Reads one item of the answer: by status and type, never by the reason's wording.</summary>
    public static BulkResult Of(JsonElement item, string id)
    {
        var action = item.EnumerateObject().First().Value;
        // What fails before it reaches the index may bear no id.
        if (action.TryGetProperty("_id", out var own) && own.ValueKind != JsonValueKind.Null && !own.ValueEquals(id))
            throw new FormatException($"an item is about {own}, not about {id}");
        var status = action.GetProperty("status").GetInt32();
        if (status is >= 200 and < 300)
            return new(
                BulkFate.Done,
                new(action.GetProperty("_seq_no").GetInt64(), action.GetProperty("_primary_term").GetInt64()),
                status,
                default,
                action.TryGetProperty("get", out var found) && found.TryGetProperty("_source", out var source)
                    ? source.GetRawText()
                    : null
            );
        var error = ServerError.Of(action);
        return new(Classify(status, error.Type), default, status, error);
    }

    /// <summary>The fate by status and type of error.</summary>
    public static BulkFate Classify(int status, string type) =>
        (status, type) switch
        {
            (409, _) or (404, "document_missing_exception") => BulkFate.Conflict,
            // A full disk looks like pressure, but lasts until somebody frees space; so does a block.
            (_, "cluster_block_exception" or "index_closed_exception") => BulkFate.Stop,
            // Also a breaker that calls itself permanent: what fills the memory is not this document.
            (429, _) => BulkFate.Later,
            (400, _) => BulkFate.Refused,
            (401 or 403 or 404 or 405 or 406, _) => BulkFate.Stop,
            (413, _) => BulkFate.Refused,
            _ => BulkFate.Later,
        };

    /// <summary>Why a document is refused, for a person.</summary>
    public string Refusal =>
        Status == 413 ? "it is too large for the server (413)"
        : Error.Type.Length > 0 ? $"{Error.Reason} ({Error.Type})"
        : $"{Error.Reason} ({Status})";

    /// <summary>True where the same is said of a sound document while something is wrong with the index.</summary>
    public bool MayBeOfIndex =>
        Status != 413
        && Error.Type
            is not ("strict_dynamic_mapping_exception" or "document_parsing_exception" or "mapper_parsing_exception");

    public StoreUnavailableException Trouble() => ElasticsearchAnswer.Trouble(Status, Error, "documents");
}
