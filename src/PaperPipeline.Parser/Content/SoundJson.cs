using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PaperPipeline.Parser.Content;

/// <summary>JSON whose texts are text: half of a surrogate pair is valid JSON, and nobody can read it.</summary>
internal static partial class SoundJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>Reads one value.</summary>
    /// <exception cref="JsonException">It is no JSON, or lies too deep.</exception>
    public static JsonDocument Parse(string json) => JsonDocument.Parse(Whole(json), Options);

    /// <summary>The document, or one in its place in which each half of a pair is U+FFFD.</summary>
    public static JsonDocument Of(JsonDocument document)
    {
        var raw = JsonMarshal.GetRawUtf8Value(document.RootElement);
        if (raw.IndexOf("\\ud"u8) < 0 && raw.IndexOf("\\uD"u8) < 0)
            return document;
        using (document)
            return Parse(document.RootElement.GetRawText());
    }

    private static string Whole(string json) =>
        Escape().Replace(json, match => match.Groups["half"].Success ? "\\ufffd" : match.Value);

    // From the left: escapes of two characters, whole pairs, then halves.
    [GeneratedRegex(
        @"\\(?:[^u]|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>u[dD][89a-fA-F][0-9a-fA-F]{2}))",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Escape();
}
