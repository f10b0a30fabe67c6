namespace PaperPipeline.IntegrationTests.Telemetry;

/// <summary>Spans of several traces, by parent and link.</summary>
internal sealed class SpanForest(IReadOnlyList<ExportedSpan> spans)
{
    private readonly Dictionary<string, ExportedSpan> _byId = spans.ToDictionary(s => s.Id, StringComparer.Ordinal);

    public IReadOnlyList<ExportedSpan> All => spans;

    /// <summary>Those whose parent was never exported.</summary>
    public IEnumerable<string> Orphans =>
        spans.Where(s => s.Parent.Length > 0 && !_byId.ContainsKey(s.Parent)).Select(s => $"{s.Service} {s.Name}");

    public ExportedSpan this[string id] => _byId[id];

    public IEnumerable<ExportedSpan> Named(string name) => spans.Where(span => span.Name == name);

    /// <summary>The span and what it is below, up to the root of its trace.</summary>
    public IReadOnlyList<ExportedSpan> Path(ExportedSpan span)
    {
        var path = new List<ExportedSpan>();
        for (ExportedSpan? at = span; at is not null; at = _byId.GetValueOrDefault(at.Parent))
            path.Add(at);
        return path;
    }

    /// <summary>The path, and where the root of the trace has a link, on over that one link.</summary>
    public IReadOnlyList<ExportedSpan> LinkedPath(ExportedSpan span)
    {
        var path = Path(span);
        return path[^1].Links is [var link] ? [.. path, .. Path(_byId[link])] : path;
    }
}
