using System.Globalization;
using System.Text.Json;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>What is there of an index.</summary>
internal enum IndexState
{
    Missing,

    /// <summary>Made by an older build, which knew fewer members.</summary>
    Incomplete,
    Current,
}

/// <summary>
/// Judges what a server says of itself, its indices and its templates: what is not ours, or of another version, is refused
/// with one line. Pure.
/// </summary>
/// <param name="server">The server as it may be shown.</param>
internal sealed class IndexReading(string server)
{
    /// <summary>Requires Elasticsearch or OpenSearch, not too old; says which of the two it is.</summary>
    // Where products differ, they are told apart here: OpenSearch names its distribution, Elasticsearch has none.
    public string RequireProduct(JsonElement greeting)
    {
        if (
            greeting.ValueKind != JsonValueKind.Object
            || !greeting.TryGetProperty("version", out var version)
            || version.ValueKind != JsonValueKind.Object
            || !version.TryGetProperty("number", out var number)
        )
            throw new StoreRefusedException(
                $"What answers at {server} is neither Elasticsearch nor OpenSearch: check --index."
            );
        var openSearch =
            version.TryGetProperty("distribution", out var distribution) && distribution.ValueEquals("opensearch");
        var text = number.GetString() ?? "";
        // An OpenSearch that poses as 7.10.2 for old clients is a 2.x.
        if (!openSearch && int.TryParse(text.Split('.')[0], CultureInfo.InvariantCulture, out var major) && major < 8)
            throw new StoreRefusedException(
                $"Elasticsearch {text} at {server} is too old: 8.19 or newer, or OpenSearch 2.19 or newer is needed."
            );
        return openSearch ? "opensearch" : "elasticsearch";
    }

    /// <summary>The state of an index whose aliases were asked for their mappings.</summary>
    public IndexState StateOf(IndexDefinition index, JsonElement mappings)
    {
        var found = mappings.EnumerateObject().ToList();
        if (found.Count != 1 || found[0].Name == index.Alias || found[0].Name == index.Name)
            throw new StoreRefusedException(
                $"{index.Alias} at {server} is not one alias for one index: it belongs to something else. Choose another PAPERPIPELINE_INDEX_PREFIX."
            );
        return StateOf(found[0].Name, found[0].Value.GetProperty("mappings"), index);
    }

    /// <summary>The state of the template.</summary>
    public IndexState StateOfTemplate(IndexDefinition index, JsonElement templates)
    {
        var template = templates.GetProperty("index_templates")[0].GetProperty("index_template");
        RequireOurs("the index template " + index.Name, template);
        return StateOf(index.Name, template.GetProperty("template").GetProperty("mappings"), index);
    }

    /// <summary>Requires that all indices whose mappings these are, are ours.</summary>
    public bool AreOurs(JsonElement mappings)
    {
        foreach (var index in mappings.EnumerateObject())
            RequireOurs(index.Name, index.Value.GetProperty("mappings"));
        return true;
    }

    private IndexState StateOf(string name, JsonElement mappings, IndexDefinition index)
    {
        RequireOurs(name, mappings);
        using var wanted = JsonDocument.Parse(index.Members);
        return IsSame(mappings, index) || Covers(mappings.GetProperty("properties"), wanted.RootElement)
            ? IndexState.Current
            : IndexState.Incomplete;
    }

    private static bool IsSame(JsonElement mappings, IndexDefinition index) =>
        mappings.GetProperty("_meta").TryGetProperty("hash", out var hash)
        && hash.ValueEquals(IndexSchema.Meta(index.Members)["hash"]!.GetValue<string>());

    // What has all that this build needs is left as it is: it may be of a newer build, which knows more members.
    private static bool Covers(JsonElement members, JsonElement wanted) =>
        wanted
            .EnumerateObject()
            .All(member =>
                members.TryGetProperty(member.Name, out var found)
                && Below("properties", found, member.Value)
                && Below("fields", found, member.Value)
            );

    private static bool Below(string name, JsonElement found, JsonElement wanted) =>
        !wanted.TryGetProperty(name, out var needed)
        || (found.TryGetProperty(name, out var there) && Covers(there, needed));

    private void RequireOurs(string name, JsonElement holder)
    {
        if (
            !holder.TryGetProperty("_meta", out var meta)
            || !meta.TryGetProperty("application", out var application)
            || !application.ValueEquals("paperpipeline")
        )
            throw new StoreRefusedException(
                $"{name} at {server} belongs to another application: choose another PAPERPIPELINE_INDEX_PREFIX."
            );
        var schema = meta.GetProperty("schema").GetInt32();
        if (schema > IndexNames.SchemaVersion)
            throw new StoreRefusedException(
                $"{name} at {server} was written by a newer version of PaperPipeline (schema {schema}, known is {IndexNames.SchemaVersion}): upgrade."
            );
        if (schema < IndexNames.SchemaVersion)
            throw new StoreRefusedException(
                $"{name} at {server} was written by an older version of PaperPipeline (schema {schema}, needed is {IndexNames.SchemaVersion}): set another PAPERPIPELINE_INDEX_PREFIX, or delete it, and run `paperpipeline replay --all`: the archive brings everything back."
            );
    }
}
