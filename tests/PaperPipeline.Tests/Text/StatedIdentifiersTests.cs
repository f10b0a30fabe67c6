using PaperPipeline.Contracts;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Tests.Text;

public sealed class StatedIdentifiersTests
{
    [Theory]
    [InlineData("2410.24164", "2410.24164")]
    [InlineData("2410.24164v2", "2410.24164")]
    [InlineData(" arXiv:2410.24164v11 ", "2410.24164")]
    [InlineData("ARXIV: 0704.0001", "0704.0001")]
    [InlineData("http://arxiv.org/abs/2410.24164v1", "2410.24164")]
    [InlineData("https://www.arxiv.org/pdf/2410.24164v3.pdf", "2410.24164")]
    [InlineData("https://export.arxiv.org/html/2410.24164/", "2410.24164")]
    [InlineData("https://huggingface.co/papers/2410.24164", "2410.24164")]
    [InlineData("oai:arXiv.org:2410.24164", "2410.24164")]
    [InlineData("hep-th/9901001", "hep-th/9901001")]
    [InlineData("arXiv:math.GT/0309136v2", "math/0309136")]
    [InlineData("https://arxiv.org/abs/Cond-Mat/0207270", "cond-mat/0207270")]
    [InlineData("not an id", "not an id")]
    public void Every_form_of_an_arxiv_id_is_the_same_id(string text, string id) =>
        Assert.Equal(new Identifiers { Arxiv = id }, StatedIdentifiers.Normal(new Identifiers { Arxiv = text }));

    [Theory]
    [InlineData("10.1000/182", "10.1000/182")]
    [InlineData("doi:10.1109/CVPR.2024.01234", "10.1109/cvpr.2024.01234")]
    [InlineData("https://doi.org/10.1000/ABC", "10.1000/abc")]
    [InlineData("http://dx.doi.org/10.1016/S0004-3702(98)00023-X", "10.1016/s0004-3702(98)00023-x")]
    [InlineData("https://doi.org/10.1000%2Fabc", "10.1000/abc")]
    public void Every_form_of_a_doi_is_the_same_doi(string text, string doi) =>
        Assert.Equal(new Identifiers { Doi = doi }, StatedIdentifiers.Normal(new Identifiers { Doi = text }));

    [Theory]
    [InlineData("aB3_x-9Zkq")]
    [InlineData("https://openreview.net/forum?id=aB3_x-9Zkq")]
    [InlineData("https://openreview.net/pdf?id=aB3_x-9Zkq&noteId=q1")]
    public void Every_form_of_an_openreview_id_is_the_same_id(string text) =>
        Assert.Equal(
            new Identifiers { Openreview = "aB3_x-9Zkq" },
            StatedIdentifiers.Normal(new Identifiers { Openreview = text })
        );

    [Fact]
    public void The_doi_that_arxiv_gives_a_paper_is_its_arxiv_id()
    {
        var paper = new Identifiers { Arxiv = "2410.24164" };

        Assert.Equal(paper, Normal(null, "10.48550/arXiv.2410.24164"));
        Assert.Equal(paper, Normal("arXiv:2410.24164v2", "https://doi.org/10.48550/arXiv.2410.24164"));
        // Two papers: nothing says which of them it is.
        Assert.Equal(
            new Identifiers { Arxiv = "2410.24164", Doi = "10.48550/arxiv.2501.00001" },
            Normal("2410.24164", "10.48550/arXiv.2501.00001")
        );
        Assert.Null(Normal(" ", null));

        static Identifiers? Normal(string? arxiv, string? doi) =>
            StatedIdentifiers.Normal(new Identifiers { Arxiv = arxiv, Doi = doi });
    }
}
