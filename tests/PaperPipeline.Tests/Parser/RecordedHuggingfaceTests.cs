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
}
