using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Conformance;

public abstract partial class PaperStoreConformance
{
    private const string Dim = "Reading dim images with borrowed light from nearby lanterns";

    private const string About =
        "We show how dim images can be read with light that is borrowed from nearby lanterns. A small network learns "
        + "where to look for it, and which of its rays are worth the trouble. On three collections of night pictures it "
        + "reads twice as many letters as the best method before, at a tenth of the cost, and it needs no labels at all.";

    private static readonly Observation[] Relatives =
    [
        Observations.Of("d", 1, Dim, arxiv: "2501.00001", text: About),
        Observations.Of("d", 2, "LanternNet", arxiv: "2501.00002", text: About.Replace("twice", "three times")),
        Observations.Of("d", 3, "Reading dim images with light borrowed from lanterns nearby: a study"),
        Observations.Of("d", 4, "Bridges and tides of the north", text: "Tides move bridges. We measure by how much."),
        Observations.Of("d", 5, "Editorial", text: "In this issue"),
    ];

    [Fact]
    public async Task Papers_with_a_revised_title_or_abstract_are_found()
    {
        await using var store = await OpenAsync("similar");
        var ids = (await store.WriteAsync(Relatives, Token)).Select(o => o.PaperId!).ToList();

        Assert.Equal([ids[1], ids[2]], await SimilarAsync(store, ids[0], 10));
        Assert.Equal([ids[0]], await SimilarAsync(store, ids[1], 10));
        Assert.Equal([ids[0]], await SimilarAsync(store, ids[2], 10));
        Assert.Equal([ids[1]], await SimilarAsync(store, ids[0], 1));
        Assert.Empty(await SimilarAsync(store, ids[3], 10));
        Assert.Empty(await store.FindAlikeAsync("", "", 10, Token));
    }

    [Fact]
    public async Task Of_papers_that_are_alike_as_many_are_given_as_are_asked_for()
    {
        await using var store = await OpenAsync("alike");
        var all = Enumerable.Range(1, 30).Select(n => Observations.Of("d", n, $"{Dim} {n}")).ToList();
        await store.WriteAsync([.. all, Observations.Of("d", 31, Dim, text: About)], Token);

        var first = await store.FindAlikeAsync(Dim, About, 10, Token);

        Assert.Equal(10, first.Count);
        Assert.Equal(Dim, first[0].Observations[0].Entry.Title);
    }

    [Fact]
    public async Task A_paper_is_found_by_what_it_has_become()
    {
        await using var store = await OpenAsync("become");
        var ids = (await store.WriteAsync(Relatives, Token)).Select(o => o.PaperId!).ToList();

        await store.WriteAsync(
            [
                Observations.Of("d", 2, "Salt of the sea, weighed", arxiv: "2501.00002", parserVersion: 2),
                Observations.Of("e", 1, Relatives[2].Entry.Title, arxiv: "2501.00003", text: "A study. " + About),
            ],
            Token
        );

        Assert.Equal(["arxiv:2501.00003"], await SimilarAsync(store, ids[0], 10));
        Assert.Equal([ids[0]], await SimilarAsync(store, "arxiv:2501.00003", 10));
        Assert.Empty(await SimilarAsync(store, "arxiv:2501.00002", 10));
    }

    private static async Task<IEnumerable<string>> SimilarAsync(IPaperStore store, string id, int limit) =>
        (await store.FindSimilarAsync((await store.FindPaperAsync(id, Token))!, limit, Token)).Select(s => s.Id);
}
