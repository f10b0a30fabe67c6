using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using PaperPipeline.Contracts;
using PaperPipeline.Parser;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Tests.Parser;

/// <summary>
/// Recorded digests with what is right of them. PAPERPIPELINE_TEST_DATA names the folder that holds them; without it the
/// tests that need them are skipped.
/// </summary>
internal static class Recorded
{
    /// <summary>A file or folder of theirs; skips the test where it is missing.</summary>
    public static string Path(params string[] path)
    {
        var root = Environment.GetEnvironmentVariable("PAPERPIPELINE_TEST_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(root), "PAPERPIPELINE_TEST_DATA names no folder of recorded digests");
        var found = System.IO.Path.Combine([root!, .. path]);
        Assert.SkipUnless(System.IO.Path.Exists(found), $"{string.Join('/', path)} is not among the recorded digests");
        return found;
    }

    /// <summary>A file's bytes, unpacked.</summary>
    public static byte[] Bytes(string path)
    {
        using var file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionMode.Decompress)
            : file;
        using var all = new MemoryStream();
        content.CopyTo(all);
        return all.ToArray();
    }

    /// <summary>The objects of a file of JSON lines.</summary>
    public static List<JsonElement> Lines(string path) =>
        [
            .. System
                .Text.Encoding.UTF8.GetString(Bytes(path))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];

    /// <summary>The entries of a digest.</summary>
    public static Entry[] Entries(this ParsedDigest digest) =>
        [.. digest.Items.OfType<ParsedEntry>().Select(e => e.Entry)];

    /// <summary>Compares what was read with what is right, prints the figures and requires all papers, titles and nothing else.</summary>
    public static void Score(
        string set,
        IEnumerable<(string Id, string Title, IReadOnlyList<string>? Authors)> truth,
        IEnumerable<(string Id, string Title, IReadOnlyList<string>? Authors)> read
    )
    {
        var (right, got) = (truth.ToList(), read.ToList());
        var wanted = Count(right.Select(p => (p.Id, Fold(p.Title))));
        var had = Count(got.Select(p => (p.Id, Fold(p.Title))));
        var common = wanted.Sum(w => Math.Min(w.Value, had.GetValueOrDefault(w.Key)));
        var (precision, recall) = ((double)common / Math.Max(1, got.Count), (double)common / Math.Max(1, right.Count));
        var authors = right.Zip(got).Where(p => p.First.Authors is not null && p.First.Id == p.Second.Id).ToList();
        var (hit, expected, given, shown) = (0, 0, 0, 0);
        foreach (var (one, other) in authors)
        {
            var (a, b) = (Count(one.Authors!.Select(Name)), Count((other.Authors ?? []).Select(Name)));
            var before = hit;
            hit += a.Sum(w => Math.Min(w.Value, b.GetValueOrDefault(w.Key)));
            if (hit - before < a.Values.Sum() && shown++ < 40)
                TestContext.Current.TestOutputHelper!.WriteLine(
                    $"  {one.Id}: {string.Join("; ", a.Keys.Except(b.Keys))} | {string.Join("; ", b.Keys.Except(a.Keys))}"
                );
            (expected, given) = (expected + a.Values.Sum(), given + b.Values.Sum());
        }

        var f1 = authors.Count == 0 ? 1 : 2.0 * hit / (expected + given);
        TestContext.Current.TestOutputHelper!.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{set}: {right.Count} papers, precision {precision:0.0000}, recall {recall:0.0000}, authors F1 {f1:0.0000} of {authors.Count}"
            )
        );
        foreach (var (missing, _) in wanted.Where(w => w.Value > had.GetValueOrDefault(w.Key)).Take(3))
            TestContext.Current.TestOutputHelper!.WriteLine($"  missing {missing}");
        Assert.Equal((1.0, 1.0), (precision, recall));
        Assert.True(f1 >= 0.98);
    }

    /// <summary>White space folded.</summary>
    public static string Fold(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Name(string name) => CleanText.Clean(name);

    private static Dictionary<T, int> Count<T>(IEnumerable<T> values)
        where T : notnull => values.GroupBy(v => v).ToDictionary(g => g.Key, g => g.Count());
}
