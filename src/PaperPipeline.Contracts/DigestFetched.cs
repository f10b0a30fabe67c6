namespace PaperPipeline.Contracts;

/// <summary>Event: the bytes of a digest lie in the archive. The bytes themselves never travel.</summary>
public sealed record DigestFetched
{
    /// <summary>The digest's identity: SHA-256 of its bytes, 64 lower-case hexadecimal digits.</summary>
    public required string Digest { get; init; }

    /// <summary>Number of bytes in the archive.</summary>
    public required long Size { get; init; }

    /// <summary>File name or address, as the retrieval record that counts has it.</summary>
    public required string Name { get; init; }

    /// <summary>When it was first retrieved (UTC), as the retrieval record that counts has it.</summary>
    public required DateTimeOffset RetrievedAt { get; init; }

    /// <summary>Trace id of the retrieval, 32 hexadecimal digits.</summary>
    public required string TraceId { get; init; }

    /// <summary>Span id of the retrieval, 16 hexadecimal digits, where it was traced: what follows is below it.</summary>
    public string? SpanId { get; init; }

    /// <summary>False where the trace of the retrieval is not recorded, so that what follows is not either.</summary>
    public bool? Sampled { get; init; }
}
