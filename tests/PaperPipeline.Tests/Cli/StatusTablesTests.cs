using PaperPipeline.Cli.Status;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Index;
using Spectre.Console;

namespace PaperPipeline.Tests.Cli;

/// <summary>What a person sees of one look.</summary>
public sealed class StatusTablesTests
{
    private static readonly Overview Seen = new()
    {
        At = DateTimeOffset.UnixEpoch,
        HasBroker = true,
        IsRead = true,
        Queues = [new(Routes.Fetch, 1, 0, 0, 0, 1), new(Routes.Index, 2, 7, 0, 0, 0)],
        Digests =
        [
            new DigestStatus
            {
                Digest = new string('a', 64),
                Name = "feed.xml",
                State = "partial",
                Papers = 12,
                Indexed = 11,
                Dead = 1,
            },
        ],
    };

    [Theory]
    [InlineData(40)]
    [InlineData(59)]
    public void On_a_narrow_terminal_nothing_is_cut(int width)
    {
        var shown = Show(Seen, width);

        Assert.Contains("fetch: 1 intake, 0 waiting, 1", shown, StringComparison.Ordinal);
        Assert.Contains("index: 2 intakes, 7 waiting", shown, StringComparison.Ordinal);
        Assert.Contains("feed.xml: partial, 11 of 12 papers", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('…', shown);
        Assert.All(shown.Split('\n'), line => Assert.True(line.TrimEnd().Length <= width, line));
    }

    [Fact]
    public void On_a_wide_one_they_are_tables() =>
        Assert.Contains("│ feed.xml", Show(Seen, 120), StringComparison.Ordinal);

    [Fact]
    public void Where_the_index_could_not_be_read_no_counts_are_made_up()
    {
        var seen = new Overview
        {
            At = Seen.At,
            Queues = Seen.Queues,
            IndexTrouble = "It is away.",
        };

        var (shown, line) = (Show(seen, 120), StatusTables.Line(seen, Rates.Unknown, Findings.Of(seen)));

        Assert.All(
            (string[])[shown, line],
            text => Assert.Contains("the index was not read", text, StringComparison.Ordinal)
        );
        Assert.All((string[])[shown, line], text => Assert.DoesNotContain("indexed", text, StringComparison.Ordinal));
        Assert.Contains("waiting: fetch 1, index 7", line, StringComparison.Ordinal);
        Assert.DoesNotContain("dead letter", line, StringComparison.Ordinal);
    }

    private static string Show(Overview seen, int width)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        console.Profile.Width = width;
        console.Write(StatusTables.Whole(seen, Rates.Unknown, Findings.Of(seen), width));
        return writer.ToString();
    }
}
