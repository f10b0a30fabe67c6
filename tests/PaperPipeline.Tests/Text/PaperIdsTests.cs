using PaperPipeline.Contracts;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Tests.Text;

public sealed class PaperIdsTests
{
    [Theory]
    [InlineData("2410.24164", "2410.24164", null)]
    [InlineData(" 2410.24164v3 ", "2410.24164", 3)]
    [InlineData("arXiv:0704.0001v2", "0704.0001", 2)]
    [InlineData("ARXIV: 1412.9999", "1412.9999", null)]
    [InlineData("hep-th/9901001", "hep-th/9901001", null)]
    [InlineData("math.GT/0309136v1", "math/0309136", 1)]
    [InlineData("oai:arXiv.org:quant-ph/0201082v1", "quant-ph/0201082", 1)]
    [InlineData("oai:arXiv.org:2203.01250v3", "2203.01250", 3)]
    [InlineData("10.48550/arXiv.2609.28766", "2609.28766", null)]
    [InlineData("https://doi.org/10.48550/arxiv.2609.28766", "2609.28766", null)]
    [InlineData("http://arxiv.org/abs/2202.12139v1", "2202.12139", 1)]
    [InlineData("https://arxiv.org/pdf/1912.02015.pdf", "1912.02015", null)]
    [InlineData("https://www.arxiv.org/pdf/1912.02015v2#page=3", "1912.02015", 2)]
    [InlineData("https://export.arxiv.org/abs/hep-th/9901001", "hep-th/9901001", null)]
    [InlineData("https://arxiv.org/abs/math.GT%2F0309136", "math/0309136", null)]
    [InlineData("https://huggingface.co/papers/2410.24164?utm_source=x", "2410.24164", null)]
    [InlineData("https://www.alphaxiv.org/abs/2410.24164v1", "2410.24164", 1)]
    public void An_arXiv_id_is_read_from_what_states_it(string text, string id, int? version) =>
        Assert.Equal(new ArxivId(id, version), PaperIds.Arxiv(text));

    [Theory]
    [InlineData("2410.2416")]
    [InlineData("2413.24164")]
    [InlineData("0703.0001")]
    [InlineData("1412.00001")]
    [InlineData("2410.241645")]
    [InlineData("2410.24164v0")]
    [InlineData("2410.24164v")]
    [InlineData("2410.24164x")]
    [InlineData("nosuch/9901001")]
    [InlineData("hep-th/990100")]
    [InlineData("https://huggingface.co/papers/submit")]
    [InlineData("https://huggingface.co/datasets/a/2410.24164")]
    [InlineData("https://evil.org/arxiv.org/abs/2410.24164")]
    [InlineData("https://notarxiv.org/abs/2410.24164")]
    [InlineData("")]
    public void What_is_no_arXiv_id_is_none(string text) => Assert.Null(PaperIds.Arxiv(text));

    [Theory]
    [InlineData("10.1103/PhysRevD.76.044016", "10.1103/physrevd.76.044016")]
    [InlineData("doi:10.1234/ABC.", "10.1234/abc")]
    [InlineData("https://doi.org/10.1016/S0370-2693(98)00001-(2)", "10.1016/s0370-2693(98)00001-(2)")]
    [InlineData("http://dx.doi.org/10.1234%2Fa%20b", "10.1234/a")]
    [InlineData("10.1051/0004-6361/201834168, 10.1234/x", "10.1051/0004-6361/201834168")]
    [InlineData("10.48550/arXiv.2609.28766", null)]
    [InlineData("10.12/x", null)]
    [InlineData("10.1234/", null)]
    [InlineData("https://example.org/10.1234/x", null)]
    public void A_DOI_is_read_in_lower_case(string text, string? doi) => Assert.Equal(doi, PaperIds.Doi(text));

    [Fact]
    public void Identifiers_are_put_together_and_the_first_of_a_kind_counts() =>
        Assert.Equal(
            new Identifiers
            {
                Arxiv = "2410.24164",
                Doi = "10.1234/a",
                Openreview = "aBc_-123",
            },
            PaperIds.Of(
                null,
                "nothing",
                "https://doi.org/10.48550/arXiv.2410.24164v2",
                "2410.00001",
                "10.1234/A",
                "https://openreview.net/forum?id=aBc_-123&noteId=x"
            )
        );

    [Fact]
    public void Nothing_stated_is_nothing() =>
        Assert.Null(PaperIds.Of("x", null, "https://openreview.net/group?id=ICLR"));

    [Theory]
    [InlineData("https://github.com/a/b", "a/b")]
    [InlineData("https://www.github.com/a/b.git?x=1", "a/b")]
    [InlineData("https://gitlab.com/a/b/-/tree/main", "a/b")]
    [InlineData("https://github.com/a", null)]
    [InlineData("https://a.github.io/b/c", null)]
    [InlineData("github.com/a/b", null)]
    public void The_name_of_a_repository_is_in_its_address(string address, string? name) =>
        Assert.Equal(name, Repositories.NameOf(address));
}
