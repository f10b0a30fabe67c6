using YamlDotNet.RepresentationModel;

namespace PaperPipeline.Tests.Deployment;

/// <summary>What the deployment's collector keeps.</summary>
public sealed class CollectorTests
{
    private static readonly YamlNode Settings = Read();

    // The options of the components that are used, as their makers document them. The collector does not start with another.
    private static readonly Dictionary<string, string> Documented = new(StringComparer.Ordinal)
    {
        [""] = "receivers processors exporters connectors extensions service",
        ["receivers"] = "otlp",
        ["receivers.otlp"] = "protocols",
        ["receivers.otlp.protocols"] = "grpc http",
        ["receivers.otlp.protocols.grpc"] =
            "endpoint transport tls max_recv_msg_size_mib max_concurrent_streams keepalive auth include_metadata",
        ["processors"] = "memory_limiter tail_sampling batch",
        ["processors.memory_limiter"] =
            "check_interval limit_mib spike_limit_mib limit_percentage spike_limit_percentage",
        ["processors.tail_sampling"] =
            "decision_wait num_traces expected_new_traces_per_sec decision_cache sample_on_first_match drop_pending_traces_on_shutdown policies",
        ["processors.tail_sampling.decision_cache"] = "sampled_cache_size non_sampled_cache_size",
        ["processors.tail_sampling.policies"] = "name type status_code ottl_condition latency probabilistic",
        ["processors.tail_sampling.policies.status_code"] = "status_codes",
        ["processors.tail_sampling.policies.ottl_condition"] = "error_mode span spanevent",
        ["processors.tail_sampling.policies.latency"] = "threshold_ms upper_threshold_ms",
        ["processors.tail_sampling.policies.probabilistic"] = "hash_salt sampling_percentage",
        ["exporters"] = "otlp_grpc prometheus nop",
        ["exporters.otlp_grpc"] =
            "endpoint tls auth compression balancer_name keepalive timeout sending_queue retry_on_failure headers",
        ["exporters.otlp_grpc.tls"] = "insecure insecure_skip_verify ca_file cert_file key_file server_name_override",
        ["exporters.prometheus"] =
            "endpoint tls const_labels namespace send_timestamps metric_expiration resource_to_telemetry_conversion enable_open_metrics without_scope_info translation_strategy",
        ["exporters.prometheus.resource_to_telemetry_conversion"] = "enabled exclude_service_attributes",
        ["extensions"] = "health_check",
        ["extensions.health_check"] = "endpoint path tls response_body check_collector_pipeline",
        ["service"] = "extensions pipelines telemetry",
        ["service.pipelines"] = "traces metrics logs",
        ["service.pipelines.traces"] = "receivers processors exporters",
        ["service.pipelines.metrics"] = "receivers processors exporters",
        ["service.pipelines.logs"] = "receivers processors exporters",
    };

    [Fact]
    public void Every_option_is_one_that_its_component_documents()
    {
        var options = Options("", Settings).ToList();

        Assert.True(options.Count > 30, $"{options.Count} options");
        Assert.All(
            options,
            option =>
                Assert.True(
                    Documented.TryGetValue(option.Path, out var names) && names.Split(' ').Contains(option.Name),
                    $"{option.Path} has {option.Name}"
                )
        );
        // A policy has the settings of its type, and no other's.
        Assert.All(
            ((YamlSequenceNode)Settings["processors"]["tail_sampling"]["policies"]).Cast<YamlMappingNode>(),
            policy => Assert.Equal(["name", "type", Text(policy["type"])], policy.Children.Keys.Select(Text))
        );
    }

    [Fact]
    public void Every_component_of_a_pipeline_is_configured_and_every_configured_one_is_used()
    {
        foreach (var kind in (string[])["receivers", "processors", "exporters"])
            Assert.Equal(
                ((YamlMappingNode)Settings[kind]).Children.Keys.Select(Text).Order(StringComparer.Ordinal),
                ((YamlMappingNode)Settings["service"]["pipelines"])
                    .Children.Values.Cast<YamlMappingNode>()
                    .SelectMany(pipeline =>
                        pipeline.Children.TryGetValue(kind, out var named) ? ((YamlSequenceNode)named).Select(Text) : []
                    )
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
            );
    }

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

    // A component's name may have an addition of one's own, such as "/jaeger".
    private static IEnumerable<(string Path, string Name)> Options(string path, YamlNode node) =>
        node switch
        {
            YamlMappingNode mapping => mapping.Children.SelectMany(child =>
            {
                var name = Text(child.Key).Split('/')[0];
                return Options(path.Length == 0 ? name : $"{path}.{name}", child.Value).Prepend((path, name));
            }),
            YamlSequenceNode items => items.SelectMany(item => Options(path, item)),
            _ => [],
        };

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
