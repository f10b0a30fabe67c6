using YamlDotNet.RepresentationModel;

namespace PaperPipeline.Tests.Deployment;

/// <summary>What the deployment's collector keeps.</summary>
public sealed class CollectorTests
{
    private static readonly YamlNode Settings = Read();

    [Fact]
    public void Traces_are_sampled_when_they_are_done_and_all_else_is_kept()
    {
        Assert.Equal(["memory_limiter", "tail_sampling", "batch"], Processors("traces"));
        Assert.Equal(["memory_limiter", "batch"], Processors("metrics"));
        Assert.DoesNotContain("tail_sampling", Processors("logs"));
    }

    [Fact]
    public void Traces_with_errors_dead_letters_or_retries_are_kept_whatever_the_share_of_others()
    {
        var policies = ((YamlSequenceNode)Settings["processors"]["tail_sampling"]["policies"]).ToDictionary(
            policy => Text(policy["type"]),
            StringComparer.Ordinal
        );

        Assert.Equal("ERROR", Text(policies["status_code"]["status_code"]["status_codes"][0]));
        var events = string.Join(
            ' ',
            ((YamlSequenceNode)policies["ottl_condition"]["ottl_condition"]["spanevent"]).Select(Text)
        );
        Assert.Contains("paperpipeline.dead_letter", events, StringComparison.Ordinal);
        Assert.Contains("paperpipeline.retry", events, StringComparison.Ordinal);
        Assert.Equal(
            "${env:KEPT_TRACES_PERCENT:-100}",
            Text(policies["probabilistic"]["probabilistic"]["sampling_percentage"])
        );
        // Only what each policy alone keeps is certain: a policy that drops would win over the others.
        Assert.DoesNotContain(policies.Values, policy => policy.ToString().Contains("drop", StringComparison.Ordinal));
    }

    [Fact]
    public void The_share_of_traces_is_given_to_the_collector_and_documented()
    {
        Assert.All(
            ComposeFile.All,
            file =>
                Assert.Equal(
                    "${KEPT_TRACES_PERCENT:-100}",
                    file.Service("collector").Environment["KEPT_TRACES_PERCENT"]
                )
        );
        Assert.Contains("`KEPT_TRACES_PERCENT`", Repository.Read("docs", "telemetry.md"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Processors(string pipeline) =>
        Settings["service"]["pipelines"][pipeline] is YamlMappingNode node
        && node.Children.TryGetValue("processors", out var processors)
            ? ((YamlSequenceNode)processors).Select(Text)
            : [];

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static YamlNode Read()
    {
        var stream = new YamlStream();
        using var reader = new StringReader(Repository.Read("deploy", "collector", "config.yaml"));
        stream.Load(reader);
        return stream.Documents[0].RootNode;
    }
}
