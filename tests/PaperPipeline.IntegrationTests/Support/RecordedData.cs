using System.IO.Compression;
using System.Text.Json;

namespace PaperPipeline.IntegrationTests.Support;

/// <summary>Recorded digests and papers in the folder that PAPERPIPELINE_TEST_DATA names; they are not ours to ship.</summary>
internal static class RecordedData
{
    private static string Folder => Environment.GetEnvironmentVariable("PAPERPIPELINE_TEST_DATA") ?? "";

    /// <summary>A recorded file; skips the test where it is not there.</summary>
    public static string File(params string[] path)
    {
        var file = Path.Combine([Folder, "data", .. path]);
        Assert.SkipUnless(
            System.IO.File.Exists(file),
            $"PAPERPIPELINE_TEST_DATA names no folder with data/{string.Join('/', path)}"
        );
        return file;
    }

    /// <summary>Real papers as trending pages; gives the folder with the pages.</summary>
    public static string WritePages(string folder, int papers, int papersEach)
    {
        Directory.CreateDirectory(folder);
        foreach (var (page, n) in Papers().Take(papers).Chunk(papersEach).Select((page, n) => (page, n)))
            System.IO.File.WriteAllText(
                Path.Combine(folder, $"page-{n:000}.txt"),
                string.Join("\n\n", [.. new[] { "new", "Subscribe", $"May {1 + n % 28}" }, .. page]) + "\n"
            );
        return folder;
    }

    // A title is a paper here once.
    private static IEnumerable<string> Papers()
    {
        using var packed = System.IO.File.OpenRead(File("arxiv-daily", "papers-2025-sample.jsonl.gz"));
        using var lines = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        var titles = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (lines.ReadLine() is { } line)
        {
            using var paper = JsonDocument.Parse(line);
            var title = OneLine(paper.RootElement.GetProperty("title").GetString()!);
            if (titles.Add(title))
                yield return $"{title}\n\n{OneLine(paper.RootElement.GetProperty("summary").GetString()!)}";
        }
    }

    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
