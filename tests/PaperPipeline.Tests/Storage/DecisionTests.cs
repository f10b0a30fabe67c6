using PaperPipeline.Conformance;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Tests.Storage;

public sealed class DecisionTests
{
    private const string Title = "A long enough title about lanterns";
    private const string Other = "Another long title about bridges";

    private static readonly Observation Third = Observations.Of("c", 1, Title);
    private static readonly Observation[] ThreeSightings =
    [
        Observations.Of("a", 1, Title),
        Observations.Of("b", 1, Title),
        Third,
    ];

    [Fact]
    public void Merged_papers_are_one_with_all_that_is_announced_of_either()
    {
        var merge = Merge(1, TitleKey(Title), "arxiv:2501.00001");
        Observation[] all =
        [
            Observations.Of("a", 1, Title),
            Observations.Of("b", 1, Other, arxiv: "2501.00001"),
            Observations.Of("c", 1, Title, doi: "10.1000/x"),
            Observations.Of("d", 1, "A third title, of the preprint", arxiv: "2501.00001"),
        ];

        var paper = Assert.Single(Resolve(all, merge));

        Assert.Equal(("arxiv:2501.00001", 4), (paper.Id, paper.Observations.Count));
        Assert.Equal(2, Resolve(all, merge, Undo(2, merge)).Count);
        Assert.Single(Resolve(all, merge, Undo(2, merge), Undo(3, Undo(2, merge))));
    }

    [Fact]
    public void A_person_may_make_one_paper_of_two_arxiv_ids()
    {
        Observation[] all =
        [
            Observations.Of("a", 1, Title, arxiv: "2501.00001"),
            Observations.Of("b", 1, Other, arxiv: "2501.00002"),
            Observations.Of("c", 1, Other),
        ];

        var paper = Assert.Single(Resolve(all, Merge(1, "arxiv:2501.00001", "arxiv:2501.00002")));

        Assert.Equal(("arxiv:2501.00001", 3), (paper.Id, paper.Observations.Count));
    }

    [Fact]
    public void What_is_split_off_is_a_paper_of_its_own_and_the_other_keeps_its_id_and_its_future()
    {
        var split = Split(1, [Third], TitleKey(Title));

        var papers = Resolve([.. ThreeSightings, Observations.Of("d", 1, Title)], split);

        Assert.Equal(2, papers.Count);
        var stays = papers.Single(p => p.Id == TitleKey(Title));
        Assert.Equal(["a", "b", "d"], stays.Observations.Select(o => o.Entry.Digest));
        Assert.Equal(Keys.OfSplit(split.Id), papers.Single(p => p != stays).Id);
        Assert.Single(Resolve(ThreeSightings, split, Undo(2, split)));
    }

    [Fact]
    public void What_is_split_off_together_stays_together_and_can_be_merged_with_something_else()
    {
        var split = Split(1, ThreeSightings[1..], TitleKey(Title));
        Observation[] all = [.. ThreeSightings, Observations.Of("d", 1, Other, doi: "10.1000/x")];

        Assert.Equal([2, 1, 1], Resolve(all, split).Select(p => p.Observations.Count).OrderDescending());
        var merged = Resolve(all, split, Merge(2, Keys.OfSplit(split.Id), "doi:10.1000/x"));
        Assert.Equal(3, merged.Single(p => p.Id == "doi:10.1000/x").Observations.Count);
    }

    [Fact]
    public void An_identifier_that_a_person_takes_from_an_entry_is_not_in_its_document()
    {
        var wrong = Observations.Of("b", 1, Other, arxiv: "2501.00001", doi: "10.1000/x");
        var papers = Resolve(
            [Observations.Of("a", 1, Title, arxiv: "2501.00001"), wrong],
            Split(1, [wrong], "arxiv:2501.00001")
        );

        Assert.Equal(["arxiv:2501.00001", "doi:10.1000/x"], papers.Select(p => p.Id));
        Assert.Equal(new Identifiers { Doi = "10.1000/x" }, Projection.Project(papers[1]).Identifiers);
    }

    [Fact]
    public void A_merge_can_be_split_again()
    {
        Observation[] all = [Observations.Of("a", 1, Title), Observations.Of("b", 1, Other)];
        var merge = Merge(1, TitleKey(Title), TitleKey(Other));

        Assert.Equal(2, Resolve(all, merge, Split(2, [all[1]], Keys.OfMerge(merge.Id))).Count);
    }

    [Fact]
    public void A_split_means_the_same_entry_when_a_newer_parser_counts_otherwise()
    {
        var split = Split(1, [Third], TitleKey(Title));
        Observation[] reread =
        [
            .. ThreeSightings[..2],
            Observations.Of("c", 1, Other, parserVersion: 2),
            Observations.Of("c", 2, Title, parserVersion: 2),
        ];

        var papers = Resolve(reread, split);

        Assert.Equal(3, papers.Count);
        Assert.Equal(2, papers.Single(p => p.Id == TitleKey(Title)).Observations.Count);
    }

    [Fact]
    public void Decisions_that_undo_each_other_end()
    {
        Observation[] all = [Observations.Of("a", 1, Title)];
        var (one, other) = (Undo(1, Merge(2)), Undo(2, Merge(1)));

        var decisions = new DecisionSet([one, other]);

        Assert.Equal([other], decisions.Active);
        Assert.NotEmpty(decisions.KeysOf(one));
        Assert.NotEmpty(decisions.KeysOf(other));
        Assert.Single(Resolve(all, one, other));
    }

    private static IReadOnlyList<PaperGroup> Resolve(Observation[] all, params DecisionMade[] decisions) =>
        Resolution.Resolve(
            all,
            new Rulings(new DecisionSet(decisions.Reverse()), new Dictionary<string, Reading>(StringComparer.Ordinal))
        );

    private static string TitleKey(string title) => Keys.Of(Observations.Of("x", 1, title))[0].Value;

    private static DecisionMade Merge(int day, params string[] papers) =>
        Made(
            new Decision
            {
                Kind = "merge",
                DecidedAt = Day(day),
                Papers = papers,
            }
        );

    private static DecisionMade Split(int day, Observation[] entries, params string[] keys) =>
        Made(
            new Decision
            {
                Kind = "split",
                DecidedAt = Day(day),
                Keys = keys,
                Entries = [.. entries.Select(Worlds.Reference)],
            }
        );

    private static DecisionMade Undo(int day, DecisionMade undone) =>
        Made(
            new Decision
            {
                Kind = "undo",
                DecidedAt = Day(day),
                Undone = undone.Id,
            }
        );

    private static DecisionMade Made(Decision decision) =>
        new() { Id = $"{decision.DecidedAt.Day:00}".PadRight(64, 'e'), Decision = decision };

    private static DateTimeOffset Day(int day) => new(2026, 6, day, 0, 0, 0, TimeSpan.Zero);
}
