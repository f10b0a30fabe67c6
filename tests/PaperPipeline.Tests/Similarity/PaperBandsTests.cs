using CsCheck;
using PaperPipeline.Storage.Similarity;

namespace PaperPipeline.Tests.Similarity;

public sealed class PaperBandsTests
{
    private const string Title = "Reading dim images with borrowed light";
    private static readonly string Abstract = string.Join(
        ' ',
        Enumerable.Range(0, 150).Select(n => $"word{n * 7 % 151}")
    );

    // What lies in an index must be found by later builds and on other machines.
    [Fact]
    public void Bands_never_change()
    {
        var bands = PaperBands.Of(Title, Abstract);

        Assert.Equal(PaperBands.OfTitle + PaperBands.OfAbstract, bands.Distinct().Count());
        Assert.Equal(
            "4nvmt7 5565fo f85hjc 1mne4u bjaujv 58i3j8 5879v8 vjed16 "
                + "1uk8ok ebrhh8 qneoo1 r0qmiq 2m0lri o7f2uj 19lhtd 0jdusl",
            string.Join(' ', bands.Select(PaperBands.Word))
        );
    }

    [Fact]
    public void Case_punctuation_and_small_words_of_a_title_do_not_matter() =>
        Assert.Equal(
            PaperBands.Of(Title, null),
            PaperBands.Of("The READING of dim-images: with (borrowed) light", null)
        );

    [Fact]
    public void A_tenth_of_an_abstract_may_change()
    {
        var words = Abstract.Split(' ');
        for (var n = 0; n < words.Length; n += 10)
            words[n] = "other";

        Assert.NotEmpty(PaperBands.Of("x", Abstract).Intersect(PaperBands.Of("y", string.Join(' ', words))));
    }

    [Fact]
    public void What_is_too_short_has_none()
    {
        Assert.Empty(PaperBands.Of("Editorial", "In this issue"));
        Assert.Empty(PaperBands.Of("", ""));
    }

    [Fact]
    public void Any_text_has_bands_of_letters_and_digits() =>
        Gen.Select(Gen.String, Gen.String)
            .Sample(
                (title, text) =>
                    PaperBands
                        .Of(title, text)
                        .Select(PaperBands.Word)
                        .All(b => b.Length == 6 && b.All(char.IsAsciiLetterOrDigit))
            );

    [Fact]
    public void Sketches_agree_as_often_as_sets_do()
    {
        var all = Enumerable.Range(1, 3000).Select(n => WordHashes.Mix((uint)n)).ToArray();
        foreach (var shared in (int[])[0, 500, 1000, 1500, 2000])
        {
            var (one, other) = (all[..2000], all[(2000 - shared)..(4000 - shared > 3000 ? 3000 : 4000 - shared)]);
            var wanted = (double)one.Intersect(other).Count() / one.Union(other).Count();
            var (a, b) = (new uint[MinHash.Orders], new uint[MinHash.Orders]);
            MinHash.Sketch(one, a);
            MinHash.Sketch(other, b);

            Assert.InRange(
                (double)a.Zip(b).Count(pair => pair.First == pair.Second) / MinHash.Orders,
                wanted - 0.2,
                wanted + 0.2
            );
        }
    }
}
