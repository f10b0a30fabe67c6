namespace PaperPipeline.Storage.Similarity;

/// <summary>Names in one line of text: between semicolons, where there are any, else between commas and "and".</summary>
internal static class NameList
{
    /// <summary>Splits them.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        const StringSplitOptions tidy = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        var parts = text.Contains(';', StringComparison.Ordinal)
            ? text.Split([";", " and ", " & "], tidy)
            : text.Split([",", " and ", " & "], tidy);
        return [.. parts.Where(part => part.Any(char.IsLetter))];
    }
}
