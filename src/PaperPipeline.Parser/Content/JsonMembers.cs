using System.Text.Json;

namespace PaperPipeline.Parser.Content;

/// <summary>Members of JSON that may be missing, null or of another type than expected.</summary>
internal static class JsonMembers
{
    /// <summary>The member at the path; an undefined element where there is none.</summary>
    public static JsonElement At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return default;
        return element;
    }

    /// <summary>The text at the path; null where there is none, or nothing but white space.</summary>
    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.String } member
        && member.GetString() is var text
        && !string.IsNullOrWhiteSpace(text)
            ? text
            : null;

    /// <summary>The number at the path, whole and at least 0; null where there is none.</summary>
    public static int? Count(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Number } member
        && member.TryGetInt32(out var number)
        && number >= 0
            ? number
            : null;

    /// <summary>The elements of the array at the path; none where there is none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>The texts in the array at the path.</summary>
    public static List<string> Texts(this JsonElement element, params ReadOnlySpan<string> path) =>
        [.. element.Items(path).Select(i => i.Text()).OfType<string>()];
}
