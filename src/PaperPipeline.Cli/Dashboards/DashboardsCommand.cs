using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using PaperPipeline.ServiceDefaults.Settings;

namespace PaperPipeline.Cli.Dashboards;

/// <summary><c>dashboards export|import</c>: the dashboards as saved objects, in a file or put where they belong.</summary>
internal static class DashboardsCommand
{
    /// <summary>The setting behind <c>--traces</c>.</summary>
    public const string TracesSetting = "TRACES";

    private const string Placeholder = "{{value}}";

    private static readonly Option<bool> OpenSearch = new("--opensearch")
    {
        Description = "For OpenSearch Dashboards instead of Kibana",
        Recursive = true,
    };

    private static readonly Option<string> Traces = new("--traces")
    {
        Description =
            "Where traces are shown, such as http://localhost:16686/trace/; trace ids lead there (PAPERPIPELINE_TRACES)",
        Recursive = true,
    };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "A file instead of standard output; replaced whole or not at all",
    };

    private static readonly Option<string> Kibana = new("--kibana")
    {
        Description = "http(s)://host:port, with base path and /s/space where there are such (PAPERPIPELINE_KIBANA)",
    };

    private static readonly Option<int> Timeout = new("--timeout")
    {
        Description = "Seconds to wait until it is ready (default: 60)",
        DefaultValueFactory = _ => 60,
    };

    public static Command Create()
    {
        var export = new Command("export", "Write the saved objects as JSON lines.") { Out };
        export.SetAction(ExportAsync);
        var import = new Command("import", "Send the saved objects; what is there of them is replaced.")
        {
            Kibana,
            Timeout,
        };
        import.SetAction(ImportAsync);
        return new Command("dashboards", "Dashboards for Kibana or OpenSearch Dashboards.")
        {
            OpenSearch,
            Traces,
            export,
            import,
        };
    }

    /// <summary>The saved objects that the definitions make.</summary>
    public static IReadOnlyList<SavedObject> Write(bool openSearch, string prefix, string? traces)
    {
        var naming = new Naming(prefix, traces);
        var set = DashboardSet.Load();
        return [.. openSearch ? OpenSearchObjects.Write(set, naming) : KibanaObjects.Write(set, naming)];
    }

    private static async Task<int> ExportAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var lines = Lines(Objects(parsed));
        await OutputFile.WriteAsync(
            parsed.GetValue(Out),
            output => output.WriteAsync(lines, cancellationToken).AsTask()
        );
        return ExitCode.Done;
    }

    private static async Task<int> ImportAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var access = KibanaAccess.Read(name =>
            (name == "KIBANA" ? parsed.GetValue(Kibana) : null) ?? GlobalOptions.Variable(name)
        );
        var objects = Objects(parsed);
        using var import = new SavedObjectsImport(access, TimeProvider.System);
        var refused = await import.SendAsync(
            Lines(objects),
            parsed.GetValue(OpenSearch),
            TimeSpan.FromSeconds(Math.Max(0, parsed.GetValue(Timeout))),
            cancellationToken
        );
        var json = parsed.GetValue(GlobalOptions.Json);
        if (json)
            foreach (var sent in objects)
                Console.Out.WriteLine(Line(sent, refused));
        foreach (var (kind, id, reason) in refused)
            await Console.Error.WriteLineAsync($"not imported: {kind} {id}: {reason}".ReplaceLineEndings(" "));
        if (!json)
            Console.Out.WriteLine(
                $"{objects.Count - refused.Count} of {objects.Count} objects imported into {PipelineSettings.Show(access.Address)}"
            );
        return refused.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Line(SavedObject sent, IReadOnlyList<RefusedObject> refused)
    {
        var line = new JsonObject
        {
            ["type"] = sent.Type,
            ["id"] = sent.Id,
            ["title"] = sent.Attributes["title"]!.GetValue<string>(),
        };
        if (refused.FirstOrDefault(r => r.Type == sent.Type && r.Id == sent.Id) is { } found)
            line["error"] = found.Reason;
        return SavedObject.Text(line);
    }

    private static IReadOnlyList<SavedObject> Objects(ParseResult parsed)
    {
        var traces = parsed.GetValue(Traces) ?? GlobalOptions.Variable(TracesSetting);
        return Write(
            parsed.GetValue(OpenSearch),
            IndexAccess.ReadPrefix(GlobalOptions.Variable),
            string.IsNullOrWhiteSpace(traces) ? null : TraceAddress(traces)
        );
    }

    private static string TraceAddress(string traces) =>
        !Uri.TryCreate(traces, UriKind.Absolute, out var address)
        || !address.Scheme.StartsWith("http", StringComparison.Ordinal)
            ? throw new UsageException(
                $"--traces is '{traces}': it must be an address such as http://localhost:16686/trace/."
            )
        : traces.Contains(Placeholder, StringComparison.Ordinal) ? traces
        : traces + (traces.EndsWith('/') || traces.EndsWith('=') ? "" : "/") + Placeholder;

    private static byte[] Lines(IReadOnlyList<SavedObject> objects) =>
        Encoding.UTF8.GetBytes(string.Concat(objects.Select(o => o.Write() + "\n")));
}
