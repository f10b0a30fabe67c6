using System.Text.RegularExpressions;

namespace PaperPipeline.IntegrationTests.Telemetry;

/// <summary>The tables of <c>docs/telemetry.md</c>.</summary>
internal static partial class DocumentedMetrics
{
    public static IReadOnlyList<(string Name, string Unit)> All { get; } =
    [
        .. File.ReadLines(Path.Combine(Root(AppContext.BaseDirectory), "docs", "telemetry.md"))
            .Select(line => Row().Match(line))
            .Where(row => row.Success)
            .Select(row => (row.Groups["name"].Value, row.Groups["unit"].Value is "-" ? "" : row.Groups["unit"].Value)),
    ];

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "PaperPipeline.sln"))
            ? folder
            : Root(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no repository."));

    [GeneratedRegex(
        @"^\| `(?<name>[a-z]+\.[a-z._]+)` \| (?:counter|up-down counter|gauge|histogram) \| (?<unit>\S+) \|"
    )]
    private static partial Regex Row();
}
