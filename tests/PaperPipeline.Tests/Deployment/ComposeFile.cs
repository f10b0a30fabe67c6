using System.Collections.ObjectModel;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace PaperPipeline.Tests.Deployment;

/// <summary>A service of <c>docker-compose.yml</c>, with what it takes over from others.</summary>
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

/// <summary>The repository's <c>docker-compose.yml</c>, its references resolved.</summary>
internal static class ComposeFile
{
    public static readonly IReadOnlyDictionary<object, object?> Nothing = new Dictionary<object, object?>();

    private static readonly Dictionary<object, object?> All = new DeserializerBuilder()
        .Build()
        .Deserialize<Dictionary<object, object?>>(
            new MergingParser(new YamlDotNet.Core.Parser(new StringReader(Repository.Read("docker-compose.yml"))))
        );

    public static IReadOnlyList<ComposeService> Services { get; } =
    [.. Section("services").Select(s => new ComposeService((string)s.Key, AsMap(s.Value)))];

    /// <summary>The services that are one of the four workers.</summary>
    public static IReadOnlyList<ComposeService> Workers =>
        [.. Services.Where(s => s.Name is "fetcher" or "parser" or "enricher" or "indexer")];

    public static ComposeService Service(string name) => Services.Single(s => s.Name == name);

    /// <summary>The names declared in a section such as <c>volumes</c>.</summary>
    public static IEnumerable<string> Declared(string section) => Section(section).Keys.Cast<string>();

    /// <summary>The file that a secret is.</summary>
    public static string SecretFile(string name) => (string)AsMap(Section("secrets")[name])["file"]!;

    private static ReadOnlyDictionary<object, object?> Section(string name) => AsMap(All[name]);

    private static ReadOnlyDictionary<object, object?> AsMap(object? value) =>
        ((IDictionary<object, object?>)value!).AsReadOnly();
}
