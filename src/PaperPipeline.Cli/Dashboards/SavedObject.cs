using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PaperPipeline.Cli.Dashboards;

/// <summary>What a saved object needs another one for.</summary>
internal sealed record Reference(string Name, string Type, string Id);

/// <summary>An object as Kibana and OpenSearch Dashboards store it: a line of what they import.</summary>
/// <param name="Type">Such as <c>dashboard</c>.</param>
/// <param name="Id">Its id, the same in every export.</param>
/// <param name="Attributes">What it is.</param>
/// <param name="References">What it needs.</param>
/// <param name="Versions">Members that say which version of the form this is.</param>
internal sealed record SavedObject(
    string Type,
    string Id,
    JsonObject Attributes,
    IReadOnlyList<Reference> References,
    JsonObject Versions
)
{
    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The object as one line.</summary>
    public string Write()
    {
        var line = new JsonObject
        {
            ["type"] = Type,
            ["id"] = Id,
            ["attributes"] = Attributes.DeepClone(),
            ["references"] = new JsonArray([.. References.Select(ReferenceJson)]),
        };
        foreach (var (name, value) in Versions)
            line[name] = value?.DeepClone();
        return Text(line);
    }

    /// <summary>A reference as it is stored.</summary>
    public static JsonObject ReferenceJson(Reference reference) =>
        new()
        {
            ["name"] = reference.Name,
            ["type"] = reference.Type,
            ["id"] = reference.Id,
        };

    /// <summary>JSON within JSON is text.</summary>
    public static string Text(JsonNode json) => json.ToJsonString(Relaxed);
}

/// <summary>The names of saved objects and of what lies in them.</summary>
/// <param name="Prefix">What is put before the names of the indices.</param>
/// <param name="Traces">Where a trace is shown, with <c>{{value}}</c> for its id; null where nowhere.</param>
internal sealed record Naming(string Prefix, string? Traces)
{
    /// <summary>The id of a view, a list or a dashboard.</summary>
    public string Id(string name) => $"{Prefix}paperpipeline-{name}";

    /// <summary>The alias of an index.</summary>
    public string Index(DataView view) => Prefix + view.Index;

    /// <summary>An id in the form of a UUID, the same for the same names.</summary>
    public static string Uuid(params ReadOnlySpan<string> names) =>
        new Guid(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names))).AsSpan(0, 16),
            bigEndian: true
        ).ToString();
}
