using System.Text.Json;
using PaperPipeline.Contracts;
using PaperPipeline.Parser;

namespace PaperPipeline.Tests.Parser;

public sealed class RecordedArxivTests
{
    private static List<string> Texts(JsonElement line, string name) =>
        [.. line.GetProperty(name).EnumerateArray().Select(a => a.GetString()!)];

    private static (string, string, IReadOnlyList<string>?) Paper(Entry entry) =>
        (entry.Identifiers!.Arxiv!, entry.Title, entry.Authors);

    [Fact]
    public void The_mailing_is_read_as_it_is()
    {
        var truth = Recorded.Lines(Recorded.Path("data", "arxiv-mail", "mailings.truth.jsonl"));
        var digest = Pages.Parse(
            Recorded.Bytes(Recorded.Path("data", "arxiv-mail", "mailings", "astro-ph.new.SR.txt"))
        );
        var entries = digest.Entries();

        Assert.Empty(digest.Places());
        Recorded.Score(
            "arxiv mailing",
            truth.Select(t =>
                (
                    t.GetProperty("id").GetString()!,
                    t.GetProperty("title").GetString()!,
                    (IReadOnlyList<string>?)AuthorList.Of(t.GetProperty("authors").GetString()!).Authors
                )
            ),
            entries.Select(Paper)
        );
        foreach (var (right, entry) in truth.Zip(entries))
        {
            var kind = right.GetProperty("kind").GetString() switch
            {
                "replacement" or "replaced" => "replace",
                "cross-list" => "cross",
                var other => other,
            };
            Assert.Equal(kind, entry.AnnounceType);
            Assert.Equal(Texts(right, "categories"), entry.Categories);
            Assert.Equal(right.GetProperty("comments").GetString() is null, entry.Comments is null);
            Assert.Equal(right.GetProperty("doi").GetString()?.ToLowerInvariant(), entry.Identifiers!.Doi);
            Assert.Equal(right.GetProperty("journal").GetString(), entry.JournalRef);
            // One of the truth's abstracts is the line of marks that ends the listing.
            var text = right.TryGetProperty("abstract", out var given) ? given.GetString() : null;
            Assert.Equal(text?.StartsWith('%') == true ? null : text, entry.Abstract);
        }
    }

    [Fact]
    public void The_abs_records_are_read_as_they_are()
    {
        var truth = Recorded.Lines(Recorded.Path("data", "arxiv-mail", "abs.truth.jsonl"));
        var entries = new List<Entry>();
        foreach (var right in truth)
        {
            var digest = Pages.Parse(
                Recorded.Bytes(Recorded.Path("data", "arxiv-mail", right.GetProperty("file").GetString()!))
            );
            Assert.Empty(digest.Places());
            var entry = Assert.Single(digest.Entries());
            Assert.Equal(right.GetProperty("version").GetInt32(), entry.PaperVersion);
            Assert.Equal(right.GetProperty("date").GetString()!.Replace('/', '-'), $"{entry.PublishedAt:yyyy-MM-dd}");
            Assert.DoesNotContain('@', entry.Submitter!);
            entries.Add(entry);
        }

        Recorded.Score(
            "arxiv abs",
            truth.Select(t =>
                (
                    t.GetProperty("id").GetString()!,
                    t.GetProperty("title").GetString()!,
                    (IReadOnlyList<string>?)Texts(t, "authors").Select(AuthorList.Turn).ToList()
                )
            ),
            entries.Select(Paper)
        );
    }

    [Theory]
    [InlineData("papers-2025-sample.jsonl.gz")]
    [InlineData("days")]
    public void The_daily_JSON_lines_are_read_as_they_are(string name)
    {
        var path = Recorded.Path("data", "arxiv-daily", name);
        foreach (var file in Directory.Exists(path) ? Directory.GetFiles(path) : [path])
        {
            var truth = Recorded.Lines(file);
            var digest = Pages.Parse(Recorded.Bytes(file));
            Assert.Empty(digest.Places());
            Recorded.Score(
                "arxiv daily " + Path.GetFileName(file),
                truth.Select(t =>
                    (
                        t.GetProperty("id").GetString()!,
                        t.GetProperty("title").GetString()!,
                        (IReadOnlyList<string>?)Texts(t, "authors")
                    )
                ),
                digest.Entries().Select(Paper)
            );
        }
    }

    [Theory]
    [InlineData("samples/arxiv-email-listing/astro-ph_new_2023-03-03.txt", 53, 4, 29, 11)]
    [InlineData("samples/arxiv-email-listing/q-fin_new_2023-03-17.txt", 13, 0, 3, 0)]
    [InlineData("data/arxiv-mail/modern/cs-2024-11-21.excerpt.txt", 1, 0, 0, 0)]
    [InlineData("data/arxiv-mail/modern/cs-2026-02-12.excerpt.txt", 0, 1, 1, 0)]
    public void Listings_give_as_many_papers_as_they_hold(
        string file,
        int added,
        int crosses,
        int replaced,
        int replacedCrosses
    )
    {
        var digest = Pages.Parse(Recorded.Bytes(Recorded.Path(file.Split('/'))));
        var entries = digest.Entries();

        // Excerpts end in the middle of the mailing.
        Assert.Equal(
            file.Contains("excerpt", StringComparison.Ordinal) ? ["the end"] : [],
            digest.Places().Select(p => p.Position)
        );
        Assert.Equal(
            (added, crosses, replaced, replacedCrosses),
            (Of("new"), Of("cross"), Of("replace"), Of("replace-cross"))
        );
        Assert.All(entries, e => Assert.Equal(e.AnnounceType is "replace" or "replace-cross", e.Abstract is null));
        Assert.All(entries, e => Assert.NotEmpty(e.Authors!));
        Assert.NotNull(digest.Day);

        int Of(string type) => entries.Count(e => e.AnnounceType == type);
    }
}
