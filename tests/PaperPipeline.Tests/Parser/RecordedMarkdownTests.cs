using PaperPipeline.Contracts;

namespace PaperPipeline.Tests.Parser;

public sealed class RecordedMarkdownTests
{
    [Fact]
    public void The_daily_tables_are_read_as_they_are()
    {
        var truth = Recorded.Lines(Recorded.Path("data", "hf-daily", "gabrielchua-md.truth.jsonl"));
        var read = new List<Entry>();
        var (summaries, places) = (0, 0);
        foreach (var file in truth.GroupBy(t => t.GetProperty("file").GetString()!))
        {
            var digest = Pages.Parse(Recorded.Bytes(Recorded.Path("data", "hf-daily", "gabrielchua-md", file.Key)));
            Assert.Equal("markdown-digest", digest.Shape);
            places += digest.Places().Length;
            var entries = digest.Entries();
            Assert.All(
                entries,
                e =>
                    Assert.Equal(
                        file.First().GetProperty("date").GetString(),
                        e.Day!.Value.ToString("yyyy-MM-dd", null)
                    )
            );
            read.AddRange(entries);
            summaries += file.Zip(entries)
                .Count(p =>
                    Plain(p.First.GetProperty("summary").GetString()!) == p.Second.Extra?.GetValueOrDefault("summary")
                );
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"  {summaries} of {truth.Count} summaries exact, {places} places reported"
        );
        Recorded.Score(
            "Markdown tables",
            truth.Select(t =>
                (
                    t.GetProperty("id").GetString()!,
                    t.GetProperty("title").GetString()!,
                    (IReadOnlyList<string>?)
                        t.GetProperty("submitters")
                            .GetString()!
                            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                )
            ),
            read.Select(e => (e.Identifiers!.Arxiv!, e.Title, e.Authors))
        );
        Assert.Equal(0, places);

        // Bold letters and code are not shown as such.
        static string Plain(string text) =>
            Recorded.Fold(text.Replace("**", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal));
    }
}
