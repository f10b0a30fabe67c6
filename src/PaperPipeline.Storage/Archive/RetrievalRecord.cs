using System.Text.Json.Serialization;
using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Archive;

/// <summary>How and when a digest's bytes were retrieved. Written once beside the bytes, never changed.</summary>
public sealed record RetrievalRecord
{
    /// <summary>The digest's identity: SHA-256 of the archived bytes, 64 lower-case hexadecimal digits.</summary>
    public required string Digest { get; init; }

    /// <summary>How it came: file, standard input, drop folder or url.</summary>
    public required string Source { get; init; }

    /// <summary>File name or address without credentials.</summary>
    public required string Name { get; init; }

    /// <summary>When it was retrieved (UTC).</summary>
    public required DateTimeOffset RetrievedAt { get; init; }

    /// <summary>Number of archived bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The media type that the source stated.</summary>
    public string? MediaType { get; init; }

    /// <summary>Response headers worth keeping, names in lower case.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The day that a person stated for the digest.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>Trace id of the retrieval, 32 hexadecimal digits.</summary>
    public required string TraceId { get; init; }

    /// <summary>Span id of the retrieval, 16 hexadecimal digits, where it was traced.</summary>
    public string? SpanId { get; init; }

    /// <summary>False where the trace of the retrieval is not recorded.</summary>
    public bool? Sampled { get; init; }

    /// <summary>The limit in bytes that the digest exceeded: only its first 64 KiB were kept then.</summary>
    public long? ExceededLimit { get; init; }
}

/// <summary>What all retrieval records of one digest say together.</summary>
/// <param name="First">The record that counts: the earliest, then the ordinally smallest name.</param>
/// <param name="StatedDay">The day that was stated last, if any.</param>
/// <param name="DayStatedAt">When that was (UTC).</param>
public sealed record Retrieval(RetrievalRecord First, DateOnly? StatedDay, DateTimeOffset? DayStatedAt)
{
    internal static Retrieval Of(IEnumerable<RetrievalRecord> records)
    {
        var ordered = records.OrderBy(r => r.RetrievedAt).ThenBy(r => r.Name, StringComparer.Ordinal).ToList();
        var stated = ordered.Where(r => r.Day is not null).MaxBy(r => (r.RetrievedAt, r.Day));
        return new Retrieval(ordered[0], stated?.Day, stated?.RetrievedAt);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(RetrievalRecord))]
[JsonSerializable(typeof(Decision))]
internal sealed partial class ArchiveJson : JsonSerializerContext;
