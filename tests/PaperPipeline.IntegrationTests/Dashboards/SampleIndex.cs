using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using PaperPipeline.IntegrationTests.Storage;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Dashboards;

/// <summary>
/// An index with papers of several sources and days, and with digests that are complete, partial, failed, given back and
/// dismissed. What
/// is in it is told by <c>export</c>, <c>status</c> and <c>dead-letters list</c>.
/// </summary>
public sealed class SampleIndex : IAsyncLifetime
{
    private readonly TestProgram _program = new();

    internal SearchServer Server { get; } = new();

    /// <summary>Documents by the end of the name of their index.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<JsonObject>> Documents { get; private set; } =
        new Dictionary<string, IReadOnlyList<JsonObject>>();

    /// <summary>The day on which the newest digests are announced.</summary>
    internal static DateOnly Today { get; } = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    public async ValueTask InitializeAsync()
    {
        if (SearchServer.Url is not { } url)
            return;
        _program.Variables["PAPERPIPELINE_INDEX"] = url.ToString();
        _program.Variables["PAPERPIPELINE_INDEX_PREFIX"] = Server.Prefix;
        string[] files =
        [
            _program.Write("feed-1.xml", Feed(Today.AddDays(-12), 1, 7)),
            _program.Write("feed-2.xml", Feed(Today.AddDays(-3), 6, 9)),
            _program.Write("feed-3.xml", Feed(Today.AddDays(-1), 31, 33)),
            _program.Write("feed-old.xml", Feed(Today.AddDays(-900), 21, 24)),
            _program.Write("daily.json", Daily(Today.AddDays(-3))),
            _program.Write("letter.txt", "Dear all,\n\nthe meeting is at ten.\n"),
            _program.Write("note.txt", "Dear all,\n\nthe meeting is at eleven.\n"),
        ];
        await using (var front = await FaultyServer.StartAsync(url, _ => Fault.None))
        {
            front.Refused = Title(32);
            await LeaveLettersAsync(["ingest", .. files, "--index", front.Address.ToString()]);
        }

        var before = await ListAsync("dead-letters", "list");
        await LeaveLettersAsync("dead-letters", "retry");
        var note = (await StatusAsync()).Single(d => (string?)d["name"] == "note.txt")["digest"]!.GetValue<string>();
        var dismissed = await _program.RunAsync("dead-letters", "dismiss", "--digest", note, "--reason", "no digest");
        Assert.True(dismissed.Code == 0, dismissed.Error);
        var after = await ListAsync("dead-letters", "list");
        var open = after.Select(Id).ToHashSet(StringComparer.Ordinal);
        var settled = Assert.Single(before, letter => !open.Contains(Id(letter)));

        Documents = new Dictionary<string, IReadOnlyList<JsonObject>>(StringComparer.Ordinal)
        {
            ["papers"] = await ListAsync("export"),
            ["papers-ledger"] = [.. (await StatusAsync()).Select(Ledger)],
            ["papers-dead-letters"] =
            [
                .. after.Select(letter => Letter(letter, open: letter["dismissed"] is null)),
                Letter(settled, open: false),
            ],
        };
        await Server.AskAsync(HttpMethod.Post, "*/_refresh", null);
    }

    public async ValueTask DisposeAsync()
    {
        _program.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>What the program exports for a product.</summary>
    internal async Task<string> DashboardsAsync(bool openSearch)
    {
        var run = await _program.RunAsync(["dashboards", "export", .. openSearch ? (string[])["--opensearch"] : []]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        return run.Out;
    }

    private static string Id(JsonObject letter) => letter["id"]!.GetValue<string>();

    private async Task LeaveLettersAsync(params string[] command)
    {
        var run = await _program.RunAsync(command);
        Assert.True(run.Code == 3, run.Error);
    }

    private async Task<IReadOnlyList<JsonObject>> ListAsync(params string[] command)
    {
        var run = await _program.RunAsync([.. command, "--json"]);
        Assert.True(run.Code == 0, run.Error);
        return [.. run.Lines.Select(line => JsonNode.Parse(line)!.AsObject())];
    }

    // A busy server may not answer in the few seconds that status gives it.
    private async Task<IReadOnlyList<JsonObject>> StatusAsync()
    {
        ProgramRun? run = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                run = await _program.RunAsync("status", "--json");
                // Where there are dead letters, status asks for a person.
                Assert.True(run.Code == 3, run.Error);
                return !run.ErrorLines.Any(line => line.StartsWith("index: ", StringComparison.Ordinal));
            },
            () => $"status has seen the index: {run?.Error}"
        );
        return [.. run!.Lines.Select(line => JsonNode.Parse(line)!.AsObject())];
    }

    // What the ledger holds of a digest, from what status says of it.
    private static JsonObject Ledger(JsonObject status)
    {
        if (status["settledAt"] is { } settled)
            status["settledSeconds"] = (Time(settled) - Time(status["retrievedAt"])).TotalSeconds;
        if (status["parsedAt"] is not { } parsed)
            return status;
        status["entries"] = status["papers"]!.GetValue<int>();
        status["readSeconds"] = (Time(parsed) - Time(status["retrievedAt"])).TotalSeconds;
        return status;
    }

    private static JsonObject Letter(JsonObject letter, bool open)
    {
        var indexed = letter.DeepClone().AsObject();
        indexed["open"] = open ? "true" : "false";
        if (letter["dismissed"] is not null)
            indexed["dismissed"] = "true";
        indexed["whole"] = letter["ordinal"] is null && letter["position"] is null ? "true" : "false";
        return indexed;
    }

    private static DateTimeOffset Time(JsonNode? node) => node!.GetValue<DateTimeOffset>();

    private static string Title(int n)
    {
        string[] subjects = ["Language Model", "Diffusion", "Agents", "Reasoning", "Robots"];
        return $"Lamp{n}: {subjects[n % 5]} by Lantern Light, Part {n}";
    }

    // What arXiv announces: papers number first to last, with categories and authors that repeat.
    private static string Feed(DateOnly day, int first, int last)
    {
        var date = day.ToDateTime(TimeOnly.MinValue).ToString("ddd, dd MMM yyyy", CultureInfo.InvariantCulture);
        var text = new StringBuilder(
            $"""
            <?xml version='1.0' encoding='UTF-8'?>
            <rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">
              <channel>
                <title>cs.LN updates on arXiv.org</title>
                <link>http://rss.arxiv.org/rss/cs.LN</link>
                <description>cs.LN updates on the arXiv.org e-print archive.</description>
                <lastBuildDate>{date} 04:00:21 +0000</lastBuildDate>
                <pubDate>{date} 00:00:00 -0400</pubDate>

            """
        );
        for (var n = first; n <= last; n++)
        {
            var code = n % 2 == 0 ? $" Code is available at https://github.com/lamps/lamp{n}." : "";
            text.Append(
                CultureInfo.InvariantCulture,
                $"""
                    <item>
                      <title>{Title(n)}</title>
                      <link>https://arxiv.org/abs/2609.{n:00000}</link>
                      <description>arXiv:2609.{n:00000}v1 Announce Type: {(n % 3 == 0 ? "cross" : "new")}
                Abstract: We look at street {n} by the light of {n} lanterns.{code}</description>
                      <guid isPermaLink="false">oai:arXiv.org:2609.{n:00000}v1</guid>
                      <category>{(n is > 20 and < 30 ? "cs.OLD" : "cs.LN")}</category>
                      <category>math.L{n % 3}</category>
                      <arxiv:announce_type>{(n % 3 == 0 ? "cross" : "new")}</arxiv:announce_type>
                      <dc:creator>Ada Lamp, Writer Number{n % 4}</dc:creator>
                    </item>

                """
            );
        }
        return text.Append("  </channel>\n</rss>\n").ToString();
    }

    // What Hugging Face announces: two of arXiv's papers and two others, one place that is none.
    private static string Daily(DateOnly day)
    {
        var items = new JsonArray();
        items.Add((JsonNode?)null);
        foreach (var n in (int[])[2, 3, 41, 42])
            items.Add(
                new JsonObject
                {
                    ["paper"] = new JsonObject
                    {
                        ["id"] = $"2609.{n:00000}",
                        ["title"] = $"Lamp{n}: Video Benchmarks by Lantern Light, Part {n}",
                        ["summary"] = n == 42 ? null : $"We look at street {n} once more.",
                        ["authors"] = new JsonArray(new JsonObject { ["name"] = "Bo Writer" }),
                        ["submittedOnDailyAt"] = $"{day:yyyy-MM-dd}T00:00:00.000Z",
                        ["upvotes"] = n,
                        ["githubRepo"] = $"https://github.com/lamps/lamp{n}",
                        ["githubStars"] = 10 * n,
                        ["organization"] = new JsonObject { ["name"] = "lampco", ["fullname"] = "Lamp Company" },
                    },
                }
            );
        return items.ToJsonString();
    }
}
