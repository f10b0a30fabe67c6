using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PaperPipeline.Cli.Dashboards;
using PaperPipeline.Tests.Parser;

namespace PaperPipeline.Tests.Dashboards;

/// <summary>Our panels hold nothing that panels exported from real Kibanas do not hold.</summary>
public sealed partial class RecordedDashboardsTests
{
    // Members that those dashboards do not happen to have; Kibana's own sample data have them.
    private static readonly string[] Elsewhere =
    [
        "columns.*.params.percentile",
        "columns.*.params.filters",
        "columns.*.params.filters.input",
        "columns.*.params.filters.input.query",
        "columns.*.params.filters.input.language",
        "columns.*.params.filters.label",
    ];

    [Fact]
    public void Every_member_of_a_panel_is_one_of_a_real_panel()
    {
        var real = Directory
            .EnumerateFiles(Recorded.Path("kibana"), "*.json")
            .SelectMany(path => JsonNode.Parse(File.ReadAllText(path))!["attributes"]!["panelsJSON"]!.AsArray())
            .SelectMany(panel => Members(panel!))
            .ToHashSet(StringComparer.Ordinal);
        var ours = DashboardsCommand
            .Write(openSearch: false, "", null)
            .Where(o => o.Type == "dashboard")
            .SelectMany(o => JsonNode.Parse((string)o.Attributes["panelsJSON"]!)!.AsArray())
            .SelectMany(panel => Members(panel!))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        Assert.True(ours.Count > 100, $"{ours.Count} members");
        Assert.Equal(
            [],
            ours.Except(real, StringComparer.Ordinal)
                .Where(member => !Elsewhere.Any(known => member.EndsWith(known, StringComparison.Ordinal)))
        );
    }

    // The paths of all members; what a chart looks like is another thing in each kind of chart.
    private static IEnumerable<string> Members(JsonNode panel)
    {
        var chart = (string?)panel["embeddableConfig"]?["attributes"]?["visualizationType"] ?? "";
        return Paths(panel, "").Select(p => p.Contains(".visualization.", StringComparison.Ordinal) ? chart + p : p);
    }

    private static IEnumerable<string> Paths(JsonNode? node, string path) =>
        node switch
        {
            JsonObject members => members.SelectMany(m =>
            {
                var inner = $"{path}.{(Id().IsMatch(m.Key) ? "*" : m.Key)}";
                return Paths(m.Value, inner).Prepend(inner);
            }),
            JsonArray items => items.SelectMany(item => Paths(item, path)),
            _ => [],
        };

    [GeneratedRegex("^[0-9a-f]{8}-[0-9a-f]{4}-")]
    private static partial Regex Id();
}
