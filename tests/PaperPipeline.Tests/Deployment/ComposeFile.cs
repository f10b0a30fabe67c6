using System.Collections.ObjectModel;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace PaperPipeline.Tests.Deployment;

/// <summary>A service of a compose file, with what it takes over from others.</summary>
internal sealed record ComposeService(string Name, IReadOnlyDictionary<object, object?> Keys)
{
    public string? Text(string key) => Keys.GetValueOrDefault(key) as string;

    /// <summary>The Dockerfile's stage that it is built from; null where it has an image, or a Dockerfile of its own.</summary>
    public string? Target => Map("build").GetValueOrDefault("target") as string;

    public IReadOnlyDictionary<string, string> Environment =>
        Map("environment").ToDictionary(v => (string)v.Key, v => v.Value as string ?? "", StringComparer.Ordinal);

    public IReadOnlyDictionary<object, object?> Map(string key) =>
        Keys.GetValueOrDefault(key) is IDictionary<object, object?> map ? map.AsReadOnly() : ComposeFile.Nothing;

    public IReadOnlyList<string> List(string key) =>
        Keys.GetValueOrDefault(key) is IEnumerable<object> items
            ? [.. items.Select(item => item as string ?? (string)((IDictionary<object, object?>)item)["source"]!)]
            : [];
}

/// <summary>A compose file of the repository, its references resolved.</summary>
internal sealed class ComposeFile
{
    public static readonly IReadOnlyDictionary<object, object?> Nothing = new Dictionary<object, object?>();

    private readonly Dictionary<object, object?> _all;

    private ComposeFile(string name)
    {
        Name = name;
        _all = new DeserializerBuilder()
            .Build()
            .Deserialize<Dictionary<object, object?>>(
                new MergingParser(new YamlDotNet.Core.Parser(new StringReader(Repository.Read(name))))
            );
        Services = [.. Section("services").Select(s => new ComposeService((string)s.Key, AsMap(s.Value)))];
    }

    /// <summary>The pipeline over Elasticsearch, and over OpenSearch.</summary>
    public static IReadOnlyList<ComposeFile> All { get; } =
    [new("docker-compose.yml"), new("docker-compose.opensearch.yml")];

    public string Name { get; }

    public IReadOnlyList<ComposeService> Services { get; }

    /// <summary>The services that are one of the four workers.</summary>
    public IReadOnlyList<ComposeService> Workers =>
        [.. Services.Where(s => s.Name is "fetcher" or "parser" or "enricher" or "indexer")];

    public static ComposeFile Named(string name) => All.Single(f => f.Name == name);

    public ComposeService Service(string name) => Services.Single(s => s.Name == name);

    /// <summary>The names declared in a section such as <c>volumes</c>.</summary>
    public IEnumerable<string> Declared(string section) => Section(section).Keys.Cast<string>();

    /// <summary>The file that a secret is.</summary>
    public string SecretFile(string name) => (string)AsMap(Section("secrets")[name])["file"]!;

    private ReadOnlyDictionary<object, object?> Section(string name) => AsMap(_all[name]);

    private static ReadOnlyDictionary<object, object?> AsMap(object? value) =>
        ((IDictionary<object, object?>)value!).AsReadOnly();
}
