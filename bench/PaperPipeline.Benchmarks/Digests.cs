using System.Globalization;

namespace PaperPipeline.Benchmarks;

/// <summary>Digests as the parser reads them: the text of a trending page, copied, or another form.</summary>
internal static class Digests
{
    private const string Frame = """
        new

        Get trending papers in your email inbox!

        Subscribe

        byAK and the research community


        """;

    /// <summary>Writes the papers, so many to a digest; gives the number of papers.</summary>
    public static int Write(string folder, IEnumerable<Paper> papers, int perDigest, string? form = null)
    {
        Directory.CreateDirectory(folder);
        var (count, number) = (0, 0);
        foreach (var chunk in papers.Chunk(perDigest))
        {
            var path = Path.Combine(
                folder,
                string.Create(CultureInfo.InvariantCulture, $"digest-{++number:00000}.txt")
            );
            using var digest = new StreamWriter(path) { NewLine = "\n" };
            if (form is not null)
            {
                DigestForms.All[form].Write(digest, chunk, count);
                count += chunk.Length;
                continue;
            }

            digest.Write(Frame);
            digest.WriteLine(
                new DateTime(2025, 1, 1).AddDays(number % 365).ToString("MMMM d", CultureInfo.InvariantCulture)
            );
            foreach (var paper in chunk)
            {
                digest.WriteLine();
                digest.WriteLine(paper.Title);
                digest.WriteLine();
                digest.WriteLine(paper.Abstract);
            }
            count += chunk.Length;
        }
        return count;
    }
}
