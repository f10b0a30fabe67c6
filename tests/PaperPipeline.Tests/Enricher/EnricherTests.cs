using PaperPipeline.Conformance;
using PaperPipeline.Contracts;
using PaperPipeline.Enricher;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Tests.Enricher;

public sealed class EnricherTests
{
    [Theory]
    [InlineData("FooNet: Learning to Wait", "FooNet")]
    [InlineData("BarLM 2: Larger Models", "BarLM 2")]
    [InlineData("A Study of Waiting : FOO-BAR", "FOO-BAR")]
    [InlineData("Survey: Waiting in Queues", null)]
    [InlineData("Gentle Kernel: Waiting in Queues", null)]
    [InlineData("Understanding AI Queues: Waiting", null)]
    [InlineData("Waiting in Queues", null)]
    public void A_name_stands_before_a_colon(string title, string? name) => Assert.Equal(name, NameFinder.Find(title));

    [Theory]
    [InlineData("Code: https://github.com/foo/bar.", "https://github.com/foo/bar", "code")]
    [InlineData("(see github.com/foo/bar_baz)", "https://github.com/foo/bar_baz", "code")]
    [InlineData("at \\url{https://foo.github.io/}.", "https://foo.github.io/", "project")]
    [InlineData("at foo.github.io/bar,", "https://foo.github.io/bar", "project")]
    [InlineData("https://huggingface.co/datasets/foo/bar", "https://huggingface.co/datasets/foo/bar", "dataset")]
    [InlineData("https://huggingface.co/spaces/foo/bar", "https://huggingface.co/spaces/foo/bar", "demo")]
    [InlineData("https://huggingface.co/foo/bar", "https://huggingface.co/foo/bar", "model")]
    [InlineData("https://youtu.be/abc", "https://youtu.be/abc", "video")]
    [InlineData("https://x.org/a_(b)", "https://x.org/a_(b)", "project")]
    public void A_link_has_its_kind_and_no_trailing_punctuation(string text, string url, string kind) =>
        Assert.Equal(new Link { Url = url, Kind = kind }, Assert.Single(LinkFinder.Find(text)));

    [Theory]
    [InlineData("as in arXiv:2101.00001v2.", "https://arxiv.org/abs/2101.00001", "paper")]
    [InlineData("arXiv:hep-th/9901001", "https://arxiv.org/abs/hep-th/9901001", "paper")]
    [InlineData("doi 10.1234/ABC.5.", "https://doi.org/10.1234/abc.5", "paper")]
    [InlineData("data 10.5281/zenodo.1", "https://doi.org/10.5281/zenodo.1", "dataset")]
    public void An_identifier_becomes_a_link(string text, string url, string kind) =>
        Assert.Equal(new Link { Url = url, Kind = kind }, Assert.Single(IdentifierFinder.Find(text)));

    [Fact]
    public void A_bare_number_is_no_identifier() => Assert.Empty(IdentifierFinder.Find("version 2101.00001"));

    [Fact]
    public void An_enricher_that_fails_is_missing_alone()
    {
        var enricher = new EntryEnricher(
            _ => throw new InvalidOperationException(),
            NameFinder.Find,
            LinkFinder.Find,
            _ => throw new InvalidOperationException()
        );
        var entry = Observations.Of("d", 1, "FooNet: at https://github.com/foo/net").Entry;
        var result = enricher.Enrich(entry);
        Assert.Equal(["clean-text", "identifiers"], result.Missing);
        Assert.Equal(entry.Title, new Observation { Entry = entry, Enrichment = result }.CleanTitle);
        Assert.Equal("FooNet", result.Name);
        Assert.Single(result.Links!);
    }

    [Theory]
    [InlineData("Clean", null, false)]
    [InlineData("Clean", "clean", false)]
    [InlineData("Clean", @"caf\'e", true)]
    [InlineData(@"Caf\'e", "clean", true)]
    [InlineData(@"Caf\'e", null, true)]
    public void Clean_text_is_said_once(string title, string? text, bool twice)
    {
        var entry = Observations.Of("d", 1, title, text: text).Entry;
        var observation = new Observation { Entry = entry, Enrichment = new EntryEnricher().Enrich(entry) };

        Assert.Equal(twice, observation.Enrichment.Title is not null);
        Assert.Equal(twice && text is not null, observation.Enrichment.Abstract is not null);
        Assert.Equal(CleanText.Clean(title), observation.CleanTitle);
        Assert.Equal(text is null ? null : CleanText.Clean(text), observation.CleanAbstract);
    }
}
