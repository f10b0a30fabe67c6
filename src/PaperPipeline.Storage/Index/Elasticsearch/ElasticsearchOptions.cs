using System.Net.Security;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>How a cluster is reached.</summary>
public sealed record ElasticsearchOptions
{
    /// <summary>The nodes' http(s) addresses, without user and password; the next one is taken when one fails.</summary>
    public required IReadOnlyList<Uri> Nodes { get; init; }

    /// <summary>The <c>Authorization</c> header, such as <c>ApiKey …</c>, <c>Basic …</c> or <c>Bearer …</c>.</summary>
    public string? Authorization { get; init; }

    /// <summary>Decides whether a node's certificate is trusted; null leaves it to the system's authorities.</summary>
    public RemoteCertificateValidationCallback? Trusts { get; init; }

    /// <summary>Put before the names of all indices, aliases and templates, so that several can share a cluster.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>How long one request may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long opening a connection may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Whether requests and answers go as gzip; null leaves it to the address: not on the loopback interface.</summary>
    public bool? Compress { get; init; }

    /// <summary>Greatest size of one bulk request in bytes, before compression.</summary>
    public int MaxBulkBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// Greatest size of an answer in bytes, unpacked; what is larger is asked for in parts. More than a server takes as one
    /// request (100 MiB), so that any document it holds can be read.
    /// </summary>
    public int MaxAnswerBytes { get; init; } = 128 * 1024 * 1024;
}
