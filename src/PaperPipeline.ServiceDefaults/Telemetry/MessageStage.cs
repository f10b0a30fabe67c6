namespace PaperPipeline.ServiceDefaults.Telemetry;

/// <summary>Which stage takes from a queue.</summary>
internal static class MessageStage
{
    private const string Beginning = "paperpipeline-";

    /// <summary>The stage (fetch, parse, enrich, index) of a queue's address; null for a queue that is none of ours.</summary>
    public static string? Of(Uri? queue) => queue is null ? null : Of(queue.AbsolutePath);

    /// <summary>The stage of a queue's name, or of the path that ends with it.</summary>
    public static string? Of(string queue)
    {
        var name = queue.AsSpan(queue.LastIndexOf('/') + 1);
        if (!name.StartsWith(Beginning, StringComparison.Ordinal))
            return null;
        name = name[Beginning.Length..];
        // Queues beside the main one have its name and more.
        var end = name.IndexOfAny('_', '-');
        return (end < 0 ? name : name[..end]) switch
        {
            "fetch" => "fetch",
            "parse" => "parse",
            "enrich" => "enrich",
            "index" => "index",
            _ => null,
        };
    }
}
