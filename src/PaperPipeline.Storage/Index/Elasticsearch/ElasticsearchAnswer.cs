using System.Text.Json;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>An answer: its status and its JSON body.</summary>
internal sealed class ElasticsearchAnswer(int status, JsonDocument body) : IDisposable
{
    public int Status => status;

    public JsonElement Body => body.RootElement;

    public bool Succeeded => status is >= 200 and < 300;

    /// <summary>The <c>type</c> of the error, such as <c>cluster_block_exception</c>; empty when there is none.</summary>
    public string ErrorType => Error(Body).Type;

    /// <summary>Throws unless it succeeded: whatever the server has against a request of ours is its trouble, not a paper's.</summary>
    public ElasticsearchAnswer Require(string what)
    {
        if (Succeeded)
            return this;
        var (type, reason) = Error(Body);
        Dispose();
        throw Trouble(status, type, reason, what);
    }

    public void Dispose() => body.Dispose();

    /// <summary>Type and reason of an error, in an answer or in one item of a bulk.</summary>
    public static (string Type, string Reason) Error(JsonElement holder)
    {
        if (holder.ValueKind != JsonValueKind.Object || !holder.TryGetProperty("error", out var error))
            return ("", "");
        if (error.ValueKind == JsonValueKind.String)
            return ("", error.GetString()!);
        var type = Text(error, "type");
        var reason = Text(error, "reason");
        // The cause says what is wrong with the document; the outer reason often only that there is something.
        if (error.TryGetProperty("caused_by", out var cause) && Text(cause, "reason") is { Length: > 0 } deeper)
            reason = $"{reason}: {deeper}";
        // A search fails in its shards, which say why.
        else if (
            error.TryGetProperty("root_cause", out var roots)
            && roots.ValueKind == JsonValueKind.Array
            && roots.GetArrayLength() > 0
            && Text(roots[0], "reason") is { Length: > 0 } root
            && root != reason
        )
            reason = $"{reason}: {root}";
        return (type, reason);
    }

    /// <summary>The exception for trouble of the server, with what to do.</summary>
    public static StoreUnavailableException Trouble(int status, string type, string reason, string what) =>
        new(
            $"The index does not take {what}: "
                + (status, type) switch
                {
                    (401, _) => "user, password or key are wrong or missing. Check PAPERPIPELINE_INDEX_*.",
                    (403, "security_exception") =>
                        $"the rights are missing ({reason}). Give the user or key more of them.",
                    (_, "cluster_block_exception") =>
                        $"it is blocked ({reason}). Free disk space or lift the block; nothing is lost.",
                    (404, _) => $"{reason} (404). It is made again; `paperpipeline ingest` brings back what was in it.",
                    (429, _) => $"it is overloaded ({type}: {reason}). Wait, or give it more memory.",
                    _ => $"{(reason.Length > 0 ? reason : "no reason given")} ({status}). Look at its log.",
                }
        )
        {
            MayPass = true,
            Answered = status is 429 or >= 500,
        };

    private static string Text(JsonElement holder, string name) =>
        holder.ValueKind == JsonValueKind.Object
        && holder.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
}
