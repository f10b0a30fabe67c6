using System.Text.Json;

namespace PaperPipeline.IntegrationTests.Storage.Contract;

/// <summary>Checks JSON against the keywords of JSON Schema that the contract uses.</summary>
internal sealed class ContractSchema(JsonElement root)
{
    private const string Pointer = "#/definitions/";

    private readonly Dictionary<string, JsonElement> _definitions = root.GetProperty("definitions")
        .EnumerateObject()
        .ToDictionary(d => d.Name, d => d.Value, StringComparer.Ordinal);

    /// <summary>What is wrong with a value, each with its place in it; empty when nothing is.</summary>
    public List<string> Check(JsonElement value, JsonElement schema, string place)
    {
        var faults = new List<string>();
        foreach (var keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case "$ref":
                    faults.AddRange(Check(value, Definition(keyword.Value.GetString()!), place));
                    break;
                case "type":
                    if (!IsOfType(value, keyword.Value))
                        faults.Add($"{place}: is {value.ValueKind}, expected {keyword.Value}");
                    break;
                case "const":
                    if (!JsonElement.DeepEquals(value, keyword.Value))
                        faults.Add($"{place}: is {value}, expected {keyword.Value}");
                    break;
                case "enum":
                    if (!keyword.Value.EnumerateArray().Any(allowed => JsonElement.DeepEquals(value, allowed)))
                        faults.Add($"{place}: is {value}, expected one of {keyword.Value}");
                    break;
                case "anyOf":
                    faults.AddRange(Nearest(keyword.Value.EnumerateArray().Select(s => Check(value, s, place))));
                    break;
                case "allOf":
                    faults.AddRange(keyword.Value.EnumerateArray().SelectMany(s => Check(value, s, place)));
                    break;
                case "items" when value.ValueKind == JsonValueKind.Array:
                    faults.AddRange(
                        value.EnumerateArray().SelectMany((item, n) => Check(item, keyword.Value, $"{place}/{n}"))
                    );
                    break;
            }
        }
        if (value.ValueKind == JsonValueKind.Object)
            faults.AddRange(CheckMembers(value, schema, place));
        return faults;
    }

    private IEnumerable<string> CheckMembers(JsonElement value, JsonElement schema, string place)
    {
        var members = value.EnumerateObject().ToList();
        if (schema.TryGetProperty("required", out var required))
            foreach (var name in required.EnumerateArray().Select(n => n.GetString()!))
                if (!value.TryGetProperty(name, out _))
                    yield return $"{place}: {name} is missing";
        if (schema.TryGetProperty("minProperties", out var least) && members.Count < least.GetInt32())
            yield return $"{place}: fewer than {least} members";
        if (schema.TryGetProperty("maxProperties", out var most) && members.Count > most.GetInt32())
            yield return $"{place}: more than {most} members";
        var known = schema.TryGetProperty("properties", out var properties);
        var open = schema.TryGetProperty("additionalProperties", out var additional);
        foreach (var member in members)
        {
            var below = $"{place}/{member.Name}";
            if (known && properties.TryGetProperty(member.Name, out var own))
                foreach (var fault in Check(member.Value, own, below))
                    yield return fault;
            else if (open && additional.ValueKind == JsonValueKind.False)
                yield return $"{below}: unknown; allowed: {(known ? string.Join(", ", properties.EnumerateObject().Select(p => p.Name)) : "nothing")}";
            else if (open && additional.ValueKind == JsonValueKind.Object)
                foreach (var fault in Check(member.Value, additional, below))
                    yield return fault;
        }
    }

    // Of several alternatives the one that fails deepest in the value was probably meant.
    private static List<string> Nearest(IEnumerable<List<string>> alternatives)
    {
        List<string>? nearest = null;
        foreach (var faults in alternatives)
        {
            if (faults.Count == 0)
                return faults;
            if (nearest is null || Depth(faults) > Depth(nearest))
                nearest = faults;
        }
        return nearest ?? [];
    }

    private static int Depth(List<string> faults) => faults.Max(f => f.Split(':')[0].Count(c => c == '/'));

    private JsonElement Definition(string pointer) =>
        _definitions[
            pointer[Pointer.Length..]
                .Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal)
        ];

    private static bool IsOfType(JsonElement value, JsonElement types) =>
        types.ValueKind == JsonValueKind.Array
            ? types.EnumerateArray().Any(type => IsOfType(value, type))
            : types.GetString() switch
            {
                "object" => value.ValueKind == JsonValueKind.Object,
                "array" => value.ValueKind == JsonValueKind.Array,
                "string" => value.ValueKind == JsonValueKind.String,
                "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                "null" => value.ValueKind == JsonValueKind.Null,
                "number" => value.ValueKind == JsonValueKind.Number,
                "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
                var other => throw new InvalidDataException(
                    $"The contract has a type '{other}' that is not known here."
                ),
            };
}
