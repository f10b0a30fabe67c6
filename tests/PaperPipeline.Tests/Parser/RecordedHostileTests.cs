using System.Text.Json;
using PaperPipeline.Parser;

namespace PaperPipeline.Tests.Parser;

public sealed class RecordedHostileTests
{
    [Fact]
    public void No_file_of_the_JSON_test_suite_harms_and_a_refused_value_leaves_nothing_half_read()
    {
        foreach (
            var file in Directory.EnumerateFiles(
                Recorded.Path("data", "hostile", "JSONTestSuite"),
                "*.json",
                SearchOption.AllDirectories
            )
        )
        {
            var bytes = Recorded.Bytes(file);
            var name = Path.GetFileName(file);
            try
            {
                foreach (var item in Pages.Parse(bytes).Items)
                    Assert.True(item is ReportedPlace, name);
            }
            catch (UnreadableDigestException refused)
            {
                Assert.NotEmpty(refused.Reason);
            }

            // The value as a member of a paper: the paper is there when the value is sound, and reported when it is not.
            byte[] paper = [.. "[{\"paper\":{\"id\":\"2609.00001\",\"title\":\"T\",\"x\":"u8, .. bytes, .. "}}]"u8];
            if (name.StartsWith("y_", StringComparison.Ordinal))
                Assert.Single(Pages.Parse(paper).Entries());
        }
    }

    [Fact]
    public void Naughty_strings_come_back_as_they_went_in()
    {
        var strings = JsonDocument
            .Parse(Recorded.Bytes(Recorded.Path("data", "hostile", "blns", "blns.json")))
            .RootElement.EnumerateArray()
            .Select(s => s.GetString()!)
            .Where(s => !string.IsNullOrWhiteSpace(s.Trim('\uFEFF')) && !s.Contains('\0', StringComparison.Ordinal))
            .ToArray();
        var lines = strings.Select(s =>
            $$"""{"id":"2609.00001","title":{{JsonSerializer.Serialize(s)}},"summary":{{JsonSerializer.Serialize(s)}},"authors":[{"name":{{JsonSerializer.Serialize(s)}}}],"projectPage":{{JsonSerializer.Serialize(s)}},"upvotes":1}"""
        );

        var entries = Pages.Parse(string.Join('\n', lines)).Entries();

        Assert.Equal(strings.Length, entries.Length);
        foreach (var (text, entry) in strings.Zip(entries))
        {
            Assert.Equal(Recorded.Fold(text), Recorded.Fold(entry.Title));
            Assert.Equal(Recorded.Fold(text), Recorded.Fold(entry.Abstract!));
            Assert.All(entry.Links ?? [], l => Assert.StartsWith("http", l.Url, StringComparison.Ordinal));
        }
    }
}
