using System.Text.RegularExpressions;

namespace PaperPipeline.IntegrationTests.Telemetry;

/// <summary>A metric as the documentation has it.</summary>
internal sealed record DocumentedMetric(string Name, string Kind, string Unit);

/// <summary>The tables of <c>docs/telemetry.md</c>.</summary>
internal static partial class DocumentedMetrics
{
    public static IReadOnlyList<DocumentedMetric> All { get; } =
    [
        .. File.ReadLines(Path.Combine(Root(AppContext.BaseDirectory), "docs", "telemetry.md"))
            .Select(line => Row().Match(line))
            .Where(row => row.Success)
            .Select(row => new DocumentedMetric(
                row.Groups["name"].Value,
                row.Groups["kind"].Value,
                row.Groups["unit"].Value is "-" ? "" : row.Groups["unit"].Value
            )),
    ];

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "PaperPipeline.sln"))
            ? folder
            : Root(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no repository."));

    [GeneratedRegex(
        @"^\| `(?<name>[a-z]+\.[a-z._]+)` \| (?<kind>counter|up-down counter|gauge|histogram) \| (?<unit>\S+) \|"
    )]
    private static partial Regex Row();
}
