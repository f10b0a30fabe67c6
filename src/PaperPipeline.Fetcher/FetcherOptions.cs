namespace PaperPipeline.Fetcher;

/// <summary>Limits of the fetcher.</summary>
public sealed record FetcherOptions
{
    /// <summary>Greatest size of a digest in bytes, after decompression.</summary>
    public long MaxDigestSize { get; init; } = 64L * 1024 * 1024;

    /// <summary>How long a file in the drop folder must be unchanged before it is taken.</summary>
    public TimeSpan DropQuietTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the drop folder is looked through.</summary>
    public TimeSpan DropInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an http(s) answer may take altogether.</summary>
    public TimeSpan HttpTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Greatest number of redirects followed.</summary>
    public int MaxRedirects { get; init; } = 5;
}
