using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Telemetry;

/// <summary>
/// A real OpenTelemetry collector that writes what it receives into files. PAPERPIPELINE_TEST_COLLECTOR names a folder with
/// programs <c>start</c> and <c>stop</c> for it.
/// </summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly TestFolder _folder = new();

    private Collector() { }

    /// <summary>What a program needs to export to it; spans are sent when there are many, and at the end.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; private set; } = new Dictionary<string, string>();

    public static async Task<Collector> StartAsync()
    {
        Assert.SkipWhen(Programs is null, "PAPERPIPELINE_TEST_COLLECTOR names no collector to start");
        var collector = new Collector();
        var said = await Programs.RunAsync(collector._folder, "start");
        var address = said.Split('\n').Single(line => line.StartsWith("grpc ", StringComparison.Ordinal))[
            "grpc ".Length..
        ];
        collector.Variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address,
            ["OTEL_BSP_SCHEDULE_DELAY"] = "600000",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        };
        return collector;
    }

    /// <summary>The spans that it has received.</summary>
    public SpanForest Spans() => new(Exported.Spans(Lines("traces.jsonl")));

    /// <summary>The last value of each metric of each program.</summary>
    public IReadOnlyList<ExportedMetric> Metrics() => Exported.Metrics(Lines("metrics.jsonl"));

    /// <summary>Trace ids and texts of the logs that it has received.</summary>
    public IReadOnlyList<(string TraceId, string Text)> Logs() => Exported.Logs(Lines("logs.jsonl"));

    public async ValueTask DisposeAsync()
    {
        await Programs!.RunAsync(_folder, "stop");
        _folder.Dispose();
    }

    private static ServerPrograms? Programs => ServerPrograms.Named("PAPERPIPELINE_TEST_COLLECTOR");

    // The last line may be in the middle of being written.
    private List<string> Lines(string name)
    {
        if (!File.Exists(_folder[name]))
            return [];
        using var reader = new StreamReader(
            new FileStream(_folder[name], FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
        );
        var text = reader.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
