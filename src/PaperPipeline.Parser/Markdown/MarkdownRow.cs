namespace PaperPipeline.Parser.Markdown;

/// <summary>Takes rows of tables apart.</summary>
internal static class MarkdownRow
{
    /// <summary>The cells of a row; a mark behind a backslash belongs to its cell.</summary>
    public static List<string> Split(string row)
    {
        var text = row.AsSpan().Trim();
        if (text.StartsWith("|"))
            text = text[1..];
        if (EndsCell(text))
            text = text[..^1];
        var (cells, start) = (new List<string>(), 0);
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '\\')
                i++;
            else if (text[i] == '|')
            {
                cells.Add(Cell(text[start..i]));
                start = i + 1;
            }

        cells.Add(Cell(text[start..]));
        return cells;
    }

    /// <summary>True when the row ends with the mark that ends a cell.</summary>
    public static bool EndsCell(ReadOnlySpan<char> row)
    {
        row = row.TrimEnd();
        if (!row.EndsWith("|"))
            return false;
        var slashes = row[..^1].Length - row[..^1].TrimEnd('\\').Length;
        return slashes % 2 == 0;
    }

    private static string Cell(ReadOnlySpan<char> text) =>
        text.Trim().ToString().Replace("\\|", "|", StringComparison.Ordinal);
}
