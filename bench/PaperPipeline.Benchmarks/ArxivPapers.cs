using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Benchmarks;

/// <summary>Papers of arXiv JSON lines (<c>title</c>, <c>summary</c>), plain or compressed with gzip.</summary>
internal static partial class ArxivPapers
{
    /// <summary>The papers of a file, or of all such files below a directory.</summary>
    public static IEnumerable<Paper> Read(string path) =>
        Directory.Exists(path)
            ? Directory
                .EnumerateFiles(path, "*.jsonl*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .SelectMany(ReadFile)
            : ReadFile(path);

    /// <summary>
    /// Exactly as many different papers as asked for: papers with the same title are one, and when they are used up
    /// they come again under another title.
    /// </summary>
    public static IEnumerable<Paper> Distinct(IEnumerable<Paper> papers, int count)
    {
        var titles = new HashSet<string>(StringComparer.Ordinal);
        var known = papers.Where(p => titles.Add(Folding.TitleKey(p.Title))).Take(count).ToList();
        if (known.Count == 0)
            throw new InvalidDataException("There are no papers in the given place.");
        return Enumerable
            .Range(0, count)
            .Select(i =>
            {
                var (paper, turn) = (known[i % known.Count], i / known.Count);
                return turn == 0
                    ? paper
                    : paper with
                    {
                        Title = string.Create(CultureInfo.InvariantCulture, $"{paper.Title}, Part {turn + 1}"),
                    };
            });
    }

    private static IEnumerable<Paper> ReadFile(string path)
    {
        using var file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionMode.Decompress)
            : file;
        using var reader = new StreamReader(content);
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var title = Line(json.RootElement.GetProperty("title"));
            var summary = Line(json.RootElement.GetProperty("summary"));
            if (title.Length > 0 && summary.Length > 0)
                yield return new Paper(title, summary);
        }
    }

    private static string Line(JsonElement text) => WhiteSpace().Replace(text.GetString() ?? "", " ").Trim();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();
}
