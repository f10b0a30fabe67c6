using CsCheck;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Tests.Text;

public sealed class FoldingTests
{
    [Theory]
    [InlineData("Level-S²fM", "level s2fm")]
    [InlineData("Level-S$^2$fM", "level s2fm")]
    [InlineData("ell_1", "l1")]
    [InlineData("$\\ell_1$", "l1")]
    [InlineData("ℓ₁", "l1")]
    [InlineData("don't", "dont")]
    [InlineData("Großer Ærøskøbing Łódź", "grosser aeroskobing lodz")]
    public void Spellings_of_one_word_fold_to_the_same(string text, string expected) =>
        Assert.Equal(expected, Folding.Fold(text));

    [Fact]
    public void A_title_key_has_no_leading_article() =>
        Assert.Equal(Folding.TitleKey("Quiet River"), Folding.TitleKey("The Quiet  River!"));

    [Fact]
    public void Folding_never_throws() => Gen.String.Sample(text => Folding.Fold(text) is not null);
}
