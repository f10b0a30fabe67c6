using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PaperPipeline.Contracts;
using PaperPipeline.Parser;
using PaperPipeline.Parser.Content;
using PaperPipeline.Parser.Feeds;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Tests.Parser;

public sealed partial class RecordedFeedTests
{
    // What stands for an expectation that cannot be wanted of papers: why, and what is right instead.
    private sealed record Instead(string Reason, Func<string, string, bool> IsRight);

    private static readonly Instead LinksInText = new(
        "links within a text are not kept, so they are not resolved either: its words are the same",
        (wanted, read) => HtmlText.Of(wanted) == HtmlText.Of(read)
    );
    private static readonly Instead OwnIds = new(
        "an id is compared and never followed: it stays as written, so that a feed gives the same papers from wherever it came",
        (wanted, read) => read.Length > 0 && wanted.EndsWith("/" + read.TrimStart('/'), StringComparison.Ordinal)
    );
    private static readonly Instead MailAddresses = new(
        "addresses of persons are not kept: the name is",
        (wanted, read) => wanted == $"{read} (me@example.com)"
    );
    private static readonly Instead OneByte = new(
        "what is UTF-8 but for a byte stays UTF-8 with the byte reported; the suite reads all of it as windows-1252",
        (_, read) => Recorded.Fold(read) == "\u2019<>\u201D\uFFFD"
    );
    private static readonly Instead Spelling = new(
        "a character reference is not spelt anew: as text it is the same character",
        (wanted, read) => HtmlText.Of(wanted) == HtmlText.Of(read)
    );

    /// <summary>What the suite expects of feeds in general and cannot be wanted of papers.</summary>
    private static readonly Dictionary<string, Instead> NotForPapers = new(StringComparer.Ordinal)
    {
        ["wellformed/base/http_entry_summary_"] = LinksInText,
        ["wellformed/base/http_entry_title_"] = LinksInText,
        ["wellformed/base/http_feed_title_"] = LinksInText,
        ["wellformed/base/http_entry_id_"] = OwnIds,
        ["wellformed/atom/entry_author_map_author.xml"] = MailAddresses,
        ["wellformed/atom10/entry_author_map_author.xml"] = MailAddresses,
        ["encoding/bozo_linenoise.xml"] = OneByte,
        ["wellformed/sgml/charref_uppercase_x.xml"] = Spelling,
    };

    private static string Folder => Recorded.Path("data", "feeds", "feedparser");

    private static string Message(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public void All_that_the_feedparser_suite_expects_of_the_core_fields_is_met()
    {
        var (met, other, failed) = (0, new Dictionary<string, int>(StringComparer.Ordinal), new List<string>());
        foreach (var line in Recorded.Lines(Path.Combine(Folder, "expect.jsonl")))
        {
            var file = line.GetProperty("file").GetString()!;
            var checks = line.GetProperty("checks")
                .EnumerateArray()
                .Where(c => Core().IsMatch(c[0].GetString()!))
                .ToList();
            if (checks.Count == 0 || file.Contains("/sanitize/", StringComparison.Ordinal))
                continue;
            var instead = NotForPapers.FirstOrDefault(n => file.Contains(n.Key, StringComparison.Ordinal)).Value;
            if (instead is not null)
                other[instead.Reason] = other.GetValueOrDefault(instead.Reason) + 1;
            var read = Read(Path.Combine(Folder, file));
            var wrong = checks
                .Select(c => (Path: c[0].GetString()!, Wanted: c[1].GetString()!))
                .Where(c =>
                    !(instead?.IsRight ?? IsSame)(
                        Recorded.Fold(c.Wanted),
                        Recorded.Fold(read.GetValueOrDefault(c.Path) ?? "")
                    )
                )
                .Select(c => $"{file}: {c.Path} should be '{c.Wanted}', is '{read.GetValueOrDefault(c.Path)}'")
                .ToList();
            failed.AddRange(wrong);
            met += wrong.Count == 0 && instead is null ? 1 : 0;
        }

        foreach (var wrong in failed)
            TestContext.Current.TestOutputHelper!.WriteLine(wrong);
        foreach (var (reason, count) in other)
            TestContext.Current.TestOutputHelper!.WriteLine(Message($"{count} not for papers: {reason}"));
        TestContext.Current.TestOutputHelper!.WriteLine(
            Message($"feedparser suite: {met} of {met + failed.Count} core expectations met")
        );
        Assert.Empty(failed);
        Assert.True(met > 350);
    }

    private static bool IsSame(string wanted, string read) => wanted == read;

    [Fact]
    public void No_feed_of_the_feedparser_suite_harms_and_each_has_an_account()
    {
        var (feeds, papers, places, refused) = (0, 0, 0, 0);
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            feeds++;
            try
            {
                foreach (var item in Pages.Parse(Recorded.Bytes(file), Context(file)).Items)
                {
                    papers += item is ParsedEntry ? 1 : 0;
                    places += item is ReportedPlace ? 1 : 0;
                    Assert.False(
                        item is ReportedPlace place && place.Reason.Contains("Exception:", StringComparison.Ordinal),
                        file
                    );
                }
            }
            catch (UnreadableDigestException unreadable)
            {
                refused++;
                Assert.NotEmpty(unreadable.Reason);
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            Message($"feedparser suite: {feeds} files, {papers} papers, {places} places, {refused} refused")
        );
        Assert.True(feeds > 2000 && papers > 0 && refused < 100);
    }

    [Fact]
    public void What_arXivs_API_answered_is_read_as_it_is()
    {
        var truth = Recorded.Lines(Recorded.Path("data", "feeds", "arxiv-api-atom.truth.jsonl"));
        var entries = new List<Entry>();
        var rights = new List<JsonElement>();
        foreach (
            var file in Directory
                .EnumerateFiles(Recorded.Path("data", "feeds", "arxiv-api-atom"), "*.xml")
                .Order(StringComparer.Ordinal)
        )
        {
            var digest = Pages.Parse(Recorded.Bytes(file));
            Assert.Equal("arxiv-api", digest.Shape);
            // An id that arXiv does not know.
            Assert.Equal(
                Path.GetFileName(file) switch
                {
                    var name when name.StartsWith("id_0000.0000", StringComparison.Ordinal) => ["id 0000.0000"],
                    var name when name.StartsWith("id_0808.05394", StringComparison.Ordinal) => ["id 0808.05394"],
                    _ => [],
                },
                digest.Places().Select(p => p.Position)
            );
            entries.AddRange(digest.Entries());
            rights.AddRange(truth.Where(t => t.GetProperty("file").GetString() == Path.GetFileName(file)));
        }

        Recorded.Score(
            "arxiv api",
            rights.Select(t =>
                (
                    PaperIds.Arxiv(t.GetProperty("id").GetString())!.Value.Id,
                    t.GetProperty("title").GetString()!,
                    (IReadOnlyList<string>?)Texts(t, "authors")
                )
            ),
            entries.Select(e => (e.Identifiers!.Arxiv!, e.Title, e.Authors))
        );
        foreach (var (right, entry) in rights.Zip(entries))
        {
            Assert.Equal(PaperIds.Arxiv(right.GetProperty("id").GetString())!.Value.Version, entry.PaperVersion);
            Assert.Equal(Recorded.Fold(right.GetProperty("summary").GetString()!), entry.Abstract);
            Assert.Equal(right.GetProperty("published").GetDateTimeOffset(), entry.PublishedAt);
            Assert.Equal(right.GetProperty("updated").GetDateTimeOffset(), entry.UpdatedAt);
            Assert.Equal(right.GetProperty("doi").GetString()?.ToLowerInvariant(), entry.Identifiers!.Doi);
            Assert.Equal(Clean(right.GetProperty("comment").GetString()), entry.Comments);
            Assert.Equal(Clean(right.GetProperty("journal_ref").GetString()), entry.JournalRef);
            Assert.Equal(Texts(right, "categories"), entry.Categories);
            Assert.Equal(
                right.GetProperty("primary").GetString(),
                entry.Extra?.GetValueOrDefault("primaryCategory") ?? entry.Categories![0]
            );
            Assert.Equal(
                right.GetProperty("links").EnumerateArray().Select(l => l.GetProperty("href").GetString()),
                entry.Links!.Select(l => l.Url)
            );
        }
    }

    [Theory]
    [InlineData("id_1605.08386_s0_m100_199195aa31ad.xml", 1, null)]
    [InlineData("id_quant-ph_0201082v1_s0_m100_86989fe779ef.xml", 1, null)]
    [InlineData("id_astro-ph_0601001_s0_m100_3150dca9dc76.xml", 1, null)]
    [InlineData("id_abc_s0_m100_b79c8dcf6bc3.xml", 0, "arXiv answered with an error: incorrect id format for abc")]
    [InlineData("q_testing_s0_m10_bc5a6c384fe9.xml", 10, null)]
    public void Answers_of_arXivs_API_give_their_papers_or_say_why_not(string file, int papers, string? reason)
    {
        var digest = Pages.Parse(Recorded.Bytes(Recorded.Path("samples", "arxiv-atom-api", file)));

        Assert.Equal(papers, digest.Entries().Length);
        Assert.Equal(reason, digest.Places().SingleOrDefault()?.Reason);
    }

    [Theory]
    [InlineData("data/feeds/arxiv-rss/cs.AI-2025-08-20.atom.xml", "2025-08-20")]
    [InlineData("samples/arxiv-rss/rss.arxiv.org_atom_cs.AI_2025-08-20.xml", "2025-08-20")]
    [InlineData("samples/arxiv-rss/rss2_math.OC_composed_from_arxiv_spec.xml", null)]
    public void Feeds_of_arXiv_give_all_their_papers(string file, string? day)
    {
        var bytes = Recorded.Bytes(Recorded.Path(file.Split('/')));
        var text = Encoding.UTF8.GetString(bytes);
        var digest = Pages.Parse(bytes);
        var entries = digest.Entries();

        Assert.Equal("arxiv-feed", digest.Shape);
        Assert.Empty(digest.Places());
        Assert.Equal(Regex.Count(text, "<(?:item|entry)>"), entries.Length);
        Assert.All(
            entries,
            e =>
            {
                Assert.Contains($"arXiv:{e.Identifiers!.Arxiv}v{e.PaperVersion}", text, StringComparison.Ordinal);
                Assert.NotEmpty(e.Authors!);
                Assert.NotNull(e.AnnounceType);
                Assert.NotEmpty(e.Categories!);
                Assert.NotNull(e.Licence);
                Assert.DoesNotContain("Announce Type", e.Abstract, StringComparison.Ordinal);
            }
        );
        if (day is not null)
            Assert.All(entries, e => Assert.Equal(DateOnly.Parse(day, CultureInfo.InvariantCulture), e.Day));
        TestContext.Current.TestOutputHelper!.WriteLine(Message($"{file}: {entries.Length} papers"));
    }

    [Fact]
    public void Answers_of_OAI_PMH_give_their_records_or_say_why_not()
    {
        var (papers, errors, refused) = (0, new List<string>(), 0);
        var titles = 0;
        foreach (
            var file in Directory
                .EnumerateFiles(Recorded.Path("data", "feeds", "oai-sickle"), "*.xml")
                .Concat(Directory.EnumerateFiles(Recorded.Path("samples", "arxiv-oai-pmh"), "*.xml"))
                .Order(StringComparer.Ordinal)
        )
        {
            var bytes = Recorded.Bytes(file);
            try
            {
                var digest = Pages.Parse(bytes);
                Assert.Equal("oai-pmh", digest.Shape);
                var entries = digest.Entries();
                papers += entries.Length;
                titles += Regex.Count(Encoding.UTF8.GetString(bytes), "<(?:dc:)?title[ >]");
                errors.AddRange(digest.Places().Select(p => p.Reason));
                Assert.All(entries, e => Assert.NotNull(e.Identifiers?.Arxiv ?? e.OwnId));
            }
            catch (UnreadableDigestException)
            {
                refused++;
                Assert.EndsWith("Broken.xml", file, StringComparison.Ordinal);
            }
        }

        foreach (var error in errors)
            TestContext.Current.TestOutputHelper!.WriteLine(error);
        TestContext.Current.TestOutputHelper!.WriteLine(
            Message($"OAI-PMH: {papers} papers, {errors.Count} places, {refused} refused")
        );
        Assert.Equal(titles, papers);
        foreach (
            var code in (string[])
                [
                    "badArgument",
                    "badResumptionToken",
                    "cannotDisseminateFormat",
                    "idDoesNotExist",
                    "noSetHierarchy",
                    "undefinedError",
                ]
        )
            Assert.Contains(errors, e => e.Contains($"error: {code}", StringComparison.Ordinal));
        Assert.DoesNotContain(errors, e => e.Contains("noRecordsMatch", StringComparison.Ordinal));
    }

    private static List<string> Texts(JsonElement line, string name) =>
        [.. line.GetProperty(name).EnumerateArray().Select(a => a.GetString()!)];

    private static string? Clean(string? text) => text is null ? null : CleanText.Clean(text);

    /// <summary>The core fields as the suite names them.</summary>
    private static Dictionary<string, string?> Read(string file)
    {
        var context = Context(file);
        var bytes = Recorded.Bytes(file);
        var content = new DigestContent(() => new MemoryStream(bytes), context.MediaType);
        var feed = new XmlFeed(content, context.Address);
        var first = feed.Read().ToList().Find(i => i.Entry is not null).Entry;
        return new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["feed.title"] = feed.Head.Title?.Value,
            ["entries[0].title"] = first?.Title?.Value,
            ["entries[0].summary"] = first?.Summary?.Value,
            ["entries[0].link"] = first?.Link,
            ["entries[0].id"] = first?.Id,
            ["entries[0].author"] = first?.Authors.Concat(first.Creators).FirstOrDefault(),
        };
    }

    // The suite writes the headers of the answer into a comment.
    private static DigestContext Context(string file)
    {
        var headers = Header()
            .Matches(Encoding.Latin1.GetString(Recorded.Bytes(file)))
            .ToLookup(m => m.Groups["name"].Value.ToLowerInvariant(), m => m.Groups["value"].Value.Trim());
        return Pages.Context with
        {
            MediaType = headers["content-type"].FirstOrDefault(),
            Name = headers["content-location"].FirstOrDefault() ?? "http://127.0.0.1:8097/",
        };
    }

    [GeneratedRegex(@"^(?:feed\.title|entries\[0\]\.(?:title|link|summary|id|author))$")]
    private static partial Regex Core();

    [GeneratedRegex(@"^\s*Header:\s*(?<name>[\w-]+):(?<value>[^\r\n]*)", RegexOptions.Multiline)]
    private static partial Regex Header();
}
