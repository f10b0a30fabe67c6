using System.Text.Json;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>What a server has against a request or one of its items.</summary>
/// <param name="Type">Such as <c>cluster_block_exception</c>; empty when there is no error.</param>
/// <param name="Reason">For a person.</param>
/// <param name="MemoryLimit">Bytes that nothing may exceed at any time, where the error is that something does.</param>
internal readonly record struct ServerError(string Type, string Reason, long? MemoryLimit = null)
{
    /// <summary>Reads the error of an answer, or of one item of a bulk or multi-get.</summary>
    public static ServerError Of(JsonElement holder)
    {
        if (holder.ValueKind != JsonValueKind.Object || !holder.TryGetProperty("error", out var error))
            return new("", "");
        if (error.ValueKind == JsonValueKind.String)
            return new("", error.GetString()!);
        var type = Text(error, "type");
        var reason = Text(error, "reason");
        // The cause says what is wrong with the document; the outer reason often only that there is something.
        if (Member(error, "caused_by") is { } cause && Text(cause, "reason") is { Length: > 0 } deeper)
            reason = $"{reason}: {deeper}";
        // A search fails in its shards, which say why.
        else if (
            Member(error, "root_cause") is { ValueKind: JsonValueKind.Array } roots
            && roots.GetArrayLength() > 0
            && Text(roots[0], "reason") is { Length: > 0 } root
            && root != reason
        )
            reason = $"{reason}: {root}";
        return new(type, reason, Limit(error, type));
    }

    private static long? Limit(JsonElement error, string type) =>
        type == "circuit_breaking_exception"
        && Text(error, "durability") == "PERMANENT"
        && Member(error, "bytes_limit") is { ValueKind: JsonValueKind.Number } limit
        && limit.TryGetInt64(out var bytes)
            ? bytes
            : null;

    private static JsonElement? Member(JsonElement holder, string name) =>
        holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty(name, out var value) ? value : null;

    private static string Text(JsonElement holder, string name) =>
        Member(holder, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
}

/// <summary>An answer: its status and its JSON body.</summary>
internal sealed class ElasticsearchAnswer(int status, JsonDocument body) : IDisposable
{
    public int Status => status;

    public JsonElement Body => body.RootElement;

    public bool Succeeded => status is >= 200 and < 300;

    public ServerError Error => ServerError.Of(Body);

    /// <summary>Throws unless it succeeded: whatever the server has against a request of ours is its trouble, not a paper's.</summary>
    public ElasticsearchAnswer Require(string what)
    {
        if (Succeeded)
            return this;
        var error = Error;
        Dispose();
        throw Trouble(status, error, what);
    }

    /// <summary>Reads what was answered.</summary>
    /// <exception cref="StoreUnavailableException">It is not what this question is answered with.</exception>
    public T Read<T>(Func<JsonElement, T> read)
    {
        try
        {
            return read(Body);
        }
        catch (Exception odd) when (IsOdd(odd))
        {
            throw new StoreUnavailableException(
                $"The index gives answers that cannot be read ({odd.Message.ReplaceLineEndings(" ").TrimEnd('.')}). Is it Elasticsearch or OpenSearch, and is there a proxy before it?",
                odd
            )
            {
                MayPass = true,
                Answered = true,
            };
        }
    }

    public void Dispose() => body.Dispose();

    /// <summary>Whether this is what comes of reading JSON that has not the members and types that it should.</summary>
    public static bool IsOdd(Exception failure) =>
        failure
            is InvalidOperationException
                or KeyNotFoundException
                or FormatException
                or ArgumentException
                or IndexOutOfRangeException
                or JsonException;

    /// <summary>The exception for trouble of the server, with what to do.</summary>
    public static StoreUnavailableException Trouble(int status, ServerError error, string what) =>
        new(
            $"The index does not take {what}: "
                + (status, error.Type) switch
                {
                    (>= 300 and < 400, _) => $"it redirects {error.Reason}. Give the address itself as --index.",
                    (401, _) => "user, password or key are wrong or missing. Check PAPERPIPELINE_INDEX_*.",
                    (403, "security_exception") =>
                        $"the rights are missing ({error.Reason}). Give the user or key more of them.",
                    (_, "cluster_block_exception") =>
                        $"it is blocked ({error.Reason.TrimEnd(';')}). Free disk space or lift the block; nothing is lost.",
                    (_, NoIndex) =>
                        $"{error.Reason} ({status}). It is made again; `paperpipeline ingest` brings back what was in it.",
                    (429, _) => $"it is overloaded ({error.Type}: {error.Reason}). Wait, or give it more memory.",
                    _ => $"{(error.Reason.Length > 0 ? error.Reason : "no reason given")} ({status}). Look at its log.",
                }
        )
        {
            MayPass = true,
            Answered = status is 429 or >= 500,
            IndexIsMissing = error.Type == NoIndex,
        };

    private const string NoIndex = "index_not_found_exception";
}
