using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace PaperPipeline.Tests.Deployment;

/// <summary>The alert rules, held against what is exported and what operators are told.</summary>
public sealed partial class AlertRulesTests
{
    private static readonly IReadOnlyList<YamlMappingNode> Rules = Read();

    public static TheoryData<string> Alerts => [.. Rules.Select(rule => Text(rule, "alert"))];

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Every_alert_is_in_the_guide_for_operators(string alert) =>
        Assert.Contains($"| `{alert}` |", Repository.Read("docs", "operations.md"), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Every_alert_has_a_test_in_which_it_fires_and_one_in_which_it_does_not(string alert)
    {
        var tests = Repository
            .Read("deploy", "alerts", "paperpipeline.test.yml")
            .Split($"alertname: {alert}", StringSplitOptions.None)[1..];

        Assert.Contains(
            tests,
            test => test.TrimStart(',', ' ', '\n').StartsWith("exp_alerts: []", StringComparison.Ordinal)
        );
        Assert.Contains(tests, test => Fires().IsMatch(test));
    }

    [Fact]
    public void Every_metric_of_the_rules_is_exported()
    {
        var exported = Exported().ToHashSet(StringComparer.Ordinal);

        var used = Rules
            .SelectMany(rule => Metric().Matches(Text(rule, "expr")))
            .Select(match => match.Value)
            .Where(name => !Labels().Contains(name))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        Assert.NotEmpty(used);
        Assert.All(used, name => Assert.Contains(name, exported));
    }

    [Fact]
    public void Every_label_of_the_rules_is_an_attribute()
    {
        var documented = Repository.Read("docs", "telemetry.md");

        Assert.All(
            Labels(),
            label =>
                Assert.Contains(
                    $"`{label.Replace("paperpipeline_", "paperpipeline.", StringComparison.Ordinal)}`",
                    documented,
                    StringComparison.Ordinal
                )
        );
    }

    // As the collector translates names for Prometheus.
    private static IEnumerable<string> Exported()
    {
        foreach (var line in Repository.Read("docs", "telemetry.md").Split('\n'))
            if (Row().Match(line) is { Success: true } row)
            {
                var kind = row.Groups["kind"].Value;
                var unit = (row.Groups["unit"].Value, kind) switch
                {
                    ("s", _) => "_seconds",
                    ("By", _) => "_bytes",
                    ("1", "gauge") => "_ratio",
                    _ => "",
                };
                var name = row.Groups["name"].Value.Replace('.', '_') + unit;
                if (kind == "histogram")
                    foreach (var part in (string[])["_bucket", "_sum", "_count"])
                        yield return name + part;
                else
                    yield return name + (kind == "counter" ? "_total" : "");
            }
    }

    private static HashSet<string> Labels() =>
        Rules
            .SelectMany(rule => Label().Matches(Text(rule, "expr")))
            .SelectMany(match => Metric().Matches(match.Value))
            .Select(match => match.Value)
            .ToHashSet(StringComparer.Ordinal);

    private static List<YamlMappingNode> Read()
    {
        var stream = new YamlStream();
        using var reader = new StringReader(Repository.Read("deploy", "alerts", "paperpipeline.yml"));
        stream.Load(reader);
        var groups = (YamlSequenceNode)stream.Documents[0].RootNode["groups"];
        return [.. groups.SelectMany(group => (YamlSequenceNode)group["rules"]).Cast<YamlMappingNode>()];
    }

    private static string Text(YamlMappingNode rule, string name) => ((YamlScalarNode)rule[name]).Value!;

    [GeneratedRegex(@"paperpipeline_\w+")]
    private static partial Regex Metric();

    // What stands after "by", or before "=" in braces.
    [GeneratedRegex(@"by \([^)]*\)|\{[^}]*\}")]
    private static partial Regex Label();

    [GeneratedRegex(@"\A[^-]*exp_alerts:\s+- exp_labels:")]
    private static partial Regex Fires();

    [GeneratedRegex(
        @"^\| `(?<name>paperpipeline\.[a-z._]+)` \| (?<kind>counter|up-down counter|gauge|histogram) \| (?<unit>\S+) \|"
    )]
    private static partial Regex Row();
}
