using System.Formats.Tar;
using System.IO.Compression;
using System.Text.RegularExpressions;
using PaperPipeline.Contracts;

namespace PaperPipeline.Tests.Parser;

public sealed class RecordedHuggingfaceTests
{
    [Theory]
    [InlineData("data/hf-daily/api-record.json", "2509.04664", "2025-09-08", "taesiri", 26)]
    [InlineData("samples/huggingface/daily_papers_item.2026-09-30.json", "2609.36012", "2026-09-30", "Jethro37", 358)]
    [InlineData("samples/huggingface/papers_id_200.json", "2410.24164", null, null, 31)]
    public void Papers_of_the_API_are_read_as_they_are(
        string file,
        string id,
        string? day,
        string? submitter,
        int votes
    )
    {
        var digest = Pages.Parse(Recorded.Bytes(Recorded.Path(file.Split('/'))));
        var entry = Assert.Single(digest.Entries());

        Assert.Empty(digest.Places());
        Assert.Equal((id, submitter, votes), (entry.Identifiers!.Arxiv, entry.Submitter, entry.Upvotes));
        Assert.Equal(day, entry.Day?.ToString("yyyy-MM-dd", null));
        Assert.NotNull(entry.Abstract);
        Assert.NotEmpty(entry.Authors!);
    }

    [Fact]
    public void The_mail_gives_titles_and_votes()
    {
        var digest = Pages.Parse(
            Recorded.Bytes(Recorded.Path("samples", "huggingface-email", "daily_papers_email_body.html"))
        );

        Assert.Empty(digest.Places());
        Assert.Equal([113, 55], digest.Entries().Select(e => e.Upvotes));
        Assert.Equal(new DateOnly(2024, 10, 6), digest.Day);
    }

    [Fact]
    public void The_collected_papers_in_YAML_are_read_as_they_are()
    {
        var truth = Recorded.Lines(Recorded.Path("data", "hf-daily", "deep-diver-yaml.truth.jsonl"));
        var read = new Dictionary<string, Entry>(StringComparer.Ordinal);
        using var packed = new GZipStream(
            File.OpenRead(Recorded.Path("data", "hf-daily", "deep-diver-yaml.tar.gz")),
            CompressionMode.Decompress
        );
        using var tar = new TarReader(packed);
        while (tar.GetNextEntry() is { } file)
        {
            if (file.DataStream is null)
                continue;
            using var content = new MemoryStream();
            file.DataStream.CopyTo(content);
            var digest = Pages.Parse(content.ToArray());
            Assert.Empty(digest.Places());
            read[Path.GetFileName(file.Name)] = Assert.Single(digest.Entries());
        }

        Recorded.Score(
            "huggingface YAML",
            truth.Select(t =>
                (
                    t.GetProperty("id").GetString()!,
                    // The truth leaves the escapes of a quoted scalar as they are.
                    Regex.Replace(
                        t.GetProperty("title").GetString()!,
                        @"\\(?:x([0-9A-F]{2})|( ))",
                        m => m.Groups[2].Success ? " " : $"{(char)Convert.ToInt32(m.Groups[1].Value, 16)}"
                    ),
                    (IReadOnlyList<string>?)[t.GetProperty("author").GetString()!]
                )
            ),
            truth
                .Select(t => read[Path.GetFileName(t.GetProperty("file").GetString()!)])
                .Select(e => (e.Identifiers!.Arxiv!, e.Title, e.Authors))
        );
        var exact = truth.Count(t =>
            Recorded.Fold(t.GetProperty("summary").GetString()!)
            == (read[Path.GetFileName(t.GetProperty("file").GetString()!)].Abstract ?? "")
        );
        TestContext.Current.TestOutputHelper!.WriteLine($"  {exact} of {truth.Count} summaries exact");
        // Two are such scalars too.
        Assert.Equal(truth.Count - 2, exact);
    }
}
