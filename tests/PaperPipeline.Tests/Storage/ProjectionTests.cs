using PaperPipeline.Conformance;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Tests.Storage;

/// <summary>That order does not matter is tested with <see cref="ResolutionTests"/>; here is what each member comes from.</summary>
public sealed class ProjectionTests
{
    private const string Title = "A long enough title about lanterns";

    private static PaperDocument Project(params Func<Entry, Entry>[] entries) =>
        Projection.Project(
            Assert.Single(
                Resolution.Resolve(
                    entries.Select(
                        (change, n) =>
                        {
                            var bare = Observations.Of("d" + n, n + 1, Title);
                            var entry = change(bare.Entry);
                            return bare with
                            {
                                Entry = entry,
                                Enrichment = bare.Enrichment with { Abstract = entry.Abstract },
                            };
                        }
                    )
                )
            )
        );

    [Fact]
    public void A_paper_without_abstract_awaits_one_and_is_completed_by_whatever_brings_it()
    {
        var mail = (Entry e) => e with { Source = "huggingface", Upvotes = 5 };

        Assert.Equal("awaiting abstract", Project(mail).State);
        var completed = Project(mail, e => e with { Abstract = "An abstract." });
        Assert.Equal(("full", "An abstract."), (completed.State, completed.Abstract));
        Assert.Contains(completed.Sightings, s => s.Upvotes == 5);
    }

    [Fact]
    public void Sets_are_united_and_dates_widened()
    {
        var at = DateTimeOffset.UnixEpoch;
        var document = Project(
            e =>
                e with
                {
                    Categories = ["cs.CL", "cs.AI"],
                    Affiliations = ["U"],
                    PublishedAt = at.AddDays(1),
                    UpdatedAt = at.AddDays(2),
                    Versions =
                    [
                        new PaperVersion { Version = 2, Date = at.AddDays(3) },
                        new PaperVersion { Version = 1, Date = at },
                    ],
                    Extra = new Dictionary<string, string>(StringComparer.Ordinal) { ["b"] = "1" },
                },
            e =>
                e with
                {
                    Source = "arxiv",
                    PaperVersion = 3,
                    Categories = ["cs.AI", "astro-ph"],
                    PublishedAt = at,
                    UpdatedAt = at.AddDays(5),
                    Versions = [new PaperVersion { Version = 2, Date = at.AddDays(4) }],
                    Extra = new Dictionary<string, string>(StringComparer.Ordinal) { ["b"] = "2", ["a"] = "3" },
                }
        );

        Assert.Equal(["astro-ph", "cs.AI", "cs.CL"], document.Categories);
        Assert.Equal(["U"], document.Affiliations);
        Assert.Equal((at, at.AddDays(5)), (document.PublishedAt, document.UpdatedAt));
        Assert.Equal(
            [(1, at), (2, at.AddDays(3)), (3, (DateTimeOffset?)null)],
            document.Versions!.Select(v => (v.Version, v.Date))
        );
        Assert.Equal(["a=3", "b=2"], document.Extra!.Select(e => $"{e.Key}={e.Value}"));
    }

    [Fact]
    public void One_value_comes_from_the_best_source_that_has_it()
    {
        var document = Project(
            e => e with { Source = "newsletter", Comments = "bad", Licence = "L", Submitter = "s" },
            e => e with { Source = "arxiv", PaperVersion = 1, Comments = "1 page", JournalRef = "J" },
            e => e with { Source = "arxiv", PaperVersion = 2, Comments = "2 pages" }
        );

        Assert.Equal(
            ("2 pages", "J", "L", "s"),
            (document.Comments, document.JournalRef, document.Licence, document.Submitter)
        );
    }

    [Fact]
    public void A_withdrawal_holds_until_a_newer_version_says_otherwise()
    {
        var withdrawn = (Entry e) => e with { PaperVersion = 2, Withdrawn = true };

        Assert.True(Project(withdrawn, e => e with { PaperVersion = 1, Withdrawn = false }).Withdrawn);
        Assert.True(Project(withdrawn, e => e).Withdrawn);
        Assert.False(Project(withdrawn, e => e with { PaperVersion = 3, Withdrawn = false }).Withdrawn);
        Assert.Null(Project(e => e).Withdrawn);
    }

    [Fact]
    public void The_latest_day_gives_the_announcement_and_the_latest_observation_the_stars()
    {
        var document = Project(
            e => e with { AnnounceType = "replace", Day = new DateOnly(2026, 2, 2), Stars = 10 },
            e => e with { AnnounceType = "new", Day = new DateOnly(2026, 2, 1), Stars = 20 }
        );

        Assert.Equal(("replace", 20), (document.AnnounceType, document.Stars));
    }

    [Fact]
    public void The_later_day_gives_title_and_abstract_whenever_it_was_retrieved()
    {
        var march = (Entry e) => e with { Day = new DateOnly(2026, 3, 1), Abstract = "As first announced." };
        var may = (Entry e) => e with { Day = new DateOnly(2026, 5, 1), Abstract = "As announced again." };

        Assert.Equal("As announced again.", Project(march, may).Abstract);
        Assert.Equal("As announced again.", Project(may, march).Abstract);
        Assert.Equal("As first announced.", Project(may, e => march(e) with { PaperVersion = 2 }).Abstract);
    }

    [Fact]
    public void Stated_code_comes_before_what_the_text_mentions()
    {
        var mentioned = Observations.Of("d", 1, Title, text: "See there.");
        mentioned = mentioned with
        {
            Enrichment = mentioned.Enrichment with
            {
                Links =
                [
                    new Link { Url = "https://github.com/a/text", Kind = "code" },
                    new Link { Url = "https://x.org/", Kind = "project" },
                ],
            },
        };
        var stated = Observations.Of("e", 1, Title);
        stated = stated with
        {
            Entry = stated.Entry with
            {
                CodeUrl = "https://github.com/a/own",
                Links = [new Link { Url = "https://x.org/", Kind = "demo" }],
            },
        };

        var alone = Projection.Project(Resolution.Resolve([mentioned])[0]);
        var both = Projection.Project(Assert.Single(Resolution.Resolve([mentioned, stated])));

        Assert.Equal(("https://github.com/a/text", "a/text"), (alone.CodeUrl, alone.Repository));
        Assert.Equal(("https://github.com/a/own", "a/own"), (both.CodeUrl, both.Repository));
        Assert.Equal(["code", "demo"], both.Links!.Select(l => l.Kind));
    }
}
