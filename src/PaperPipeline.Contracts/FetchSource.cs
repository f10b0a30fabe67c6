namespace PaperPipeline.Contracts;

/// <summary>Command: read a source and archive what it gives as a digest.</summary>
public sealed record FetchSource
{
    /// <summary>What to read: a file's path or an http(s) address.</summary>
    public required string Address { get; init; }

    /// <summary>The day that the digest belongs to, where the person who asks knows it better than the digest.</summary>
    public DateOnly? Day { get; init; }
}
