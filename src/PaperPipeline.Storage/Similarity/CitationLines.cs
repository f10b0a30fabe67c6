using System.Text.Json;

namespace PaperPipeline.Storage.Similarity;

/// <summary>Two citations to compare.</summary>
/// <param name="Line">The line that they stand in, from 1.</param>
/// <param name="One">The member <c>a</c>.</param>
/// <param name="Other">The member <c>b</c>.</param>
/// <param name="Same">Whether they are one work, where <c>label</c> says so.</param>
public sealed record CitationPair(int Line, Citation One, Citation Other, bool? Same);

/// <summary>
/// Reads pairs of citations as JSON lines: <c>a</c> and <c>b</c> with <c>title</c>, <c>authors</c>, <c>venue</c> and
/// <c>year</c>, and a <c>label</c> where it is known whether they are one work (1) or not (0).
/// </summary>
public static class CitationLines
{
    /// <summary>Reads them as they are asked for, packed with gzip or not; blank lines are skipped.</summary>
    /// <exception cref="FormatException">A line is no such pair; the message says which.</exception>
    public static IEnumerable<CitationPair> Read(Stream content)
    {
        using var reader = new StreamReader(PackedText.Open(content));
        for (var number = 1; reader.ReadLine() is { } line; number++)
            if (!string.IsNullOrWhiteSpace(line))
                yield return ReadPair(number, line);
    }

    private static CitationPair ReadPair(int number, string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var pair = json.RootElement;
            if (pair.ValueKind != JsonValueKind.Object)
                throw new FormatException("it is no object");
            return new(number, Citation(pair, "a"), Citation(pair, "b"), Label(pair));
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"Line {number} is no pair of citations: it is no JSON.", wrong);
        }
        catch (FormatException wrong)
        {
            throw new FormatException($"Line {number} is no pair of citations: {wrong.Message}.", wrong);
        }
    }

    private static Citation Citation(JsonElement pair, string side)
    {
        if (!pair.TryGetProperty(side, out var record) || record.ValueKind != JsonValueKind.Object)
            throw new FormatException($"it has no object \"{side}\"");
        if (Text(record, "title", side) is not { } title || string.IsNullOrWhiteSpace(title))
            throw new FormatException($"\"{side}\" has no title");
        return new Citation
        {
            Title = title,
            Authors = Authors(record, side),
            Venue = Text(record, "venue", side)?.Trim() ?? "",
            Year = Year(record, side),
        };
    }

    private static IReadOnlyList<string> Authors(JsonElement record, string side)
    {
        if (!record.TryGetProperty("authors", out var authors) || authors.ValueKind != JsonValueKind.Array)
            return Text(record, "authors", side) is { } text ? NameList.Split(text) : [];
        return
        [
            .. authors
                .EnumerateArray()
                .Select(name =>
                    name.ValueKind == JsonValueKind.String
                        ? Entities.Decode(name.GetString()!)
                        : throw new FormatException($"an author of \"{side}\" is no text")
                ),
        ];
    }

    private static int? Year(JsonElement record, string side)
    {
        if (!record.TryGetProperty("year", out var year))
            return null;
        var text = year.ValueKind == JsonValueKind.Number ? year.GetRawText() : Text(record, "year", side);
        return text is null ? null : MovedValues.YearOf(text.Trim());
    }

    private static bool? Label(JsonElement pair) =>
        !pair.TryGetProperty("label", out var label) || label.ValueKind == JsonValueKind.Null ? null
        : label.ValueKind is JsonValueKind.True or JsonValueKind.False ? label.GetBoolean()
        : label.ValueKind == JsonValueKind.Number && label.TryGetInt32(out var number) && number is 0 or 1 ? number == 1
        : throw new FormatException("its label is neither 0 nor 1");

    private static string? Text(JsonElement record, string name, string side) =>
        !record.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? Entities.Decode(value.GetString()!)
        : throw new FormatException($"{name} of \"{side}\" is no text");
}
