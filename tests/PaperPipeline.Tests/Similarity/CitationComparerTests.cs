using CsCheck;
using PaperPipeline.Storage.Similarity;

namespace PaperPipeline.Tests.Similarity;

public sealed class CitationComparerTests
{
    private static readonly Citation Lanterns = new()
    {
        Title = "LanternNet: reading dim images with borrowed light",
        Authors = ["Ada Lovelace", "Charles B. Babbage", "Mary Somerville"],
        Venue = "ACM Transactions on Database Systems",
        Year = 2003,
    };

    [Fact]
    public void A_citation_is_the_same_as_itself() => Assert.True(Compare(Lanterns).Score > 0.95);

    [Fact]
    public void Initials_abbreviations_and_another_order_of_authors_are_the_same() =>
        Assert.True(
            Compare(Lanterns with { Authors = ["M. Somerville", "CB Babbage", "Lovelace, A."], Venue = "TODS" }).Same
        );

    [Fact]
    public void A_misread_title_without_a_year_is_the_same() =>
        Assert.True(
            Compare(
                Lanterns with
                {
                    Title = "Lantern-Net : reading dimimages with borowed light",
                    Venue = "",
                    Year = null,
                }
            ).Same
        );

    [Fact]
    public void An_entity_in_a_name_is_a_letter()
    {
        var pair = CitationLinesTests.Read(
            """
            {"a":{"title":"Reading dim images","authors":"Karl M&#252;ller , J &#233; r &#244; me Petit"},"b":{"title":"Reading dim images"}}
            """
        );

        Assert.Equal(["Karl Müller", "Jérôme Petit"], pair.One.Authors);
    }

    [Theory]
    [InlineData(
        "LanternNet: reading dim images with borrowed light Ada Lovelace , Charles B. Babbage , Mary Somerville tods 2003.0"
    )]
    [InlineData("LanternNet: reading dim images with borrowed light ada lovelace , charles babbage , mary somerville")]
    [InlineData(
        "LanternNet: reading dim images with borrowed light acm transactions on database systems ( tods ) 2003"
    )]
    public void Values_that_moved_into_the_title_are_put_back(string title)
    {
        var moved = new Citation { Title = title };

        Assert.True(Compare(moved).Same);
        Assert.Equal(Lanterns.Title, MovedValues.PutBack(moved, Lanterns).One.Title, ignoreCase: true);
    }

    [Fact]
    public void What_a_title_says_is_no_venue_and_no_author()
    {
        var report = new Citation { Title = "Report on the first international conference on lanterns" };
        var list = new Citation { Title = "Lanterns, their design, and their use in the dark" };

        Assert.Equal((report, list), MovedValues.PutBack(report, list));
    }

    [Fact]
    public void A_later_work_of_the_same_people_is_different() =>
        Assert.False(Compare(Lanterns with { Title = "Indexing the dark: lanterns at scale", Year = 2005 }).Same);

    [Fact]
    public void A_work_of_that_title_years_later_is_different() =>
        Assert.False(Compare(Lanterns with { Authors = ["Emmy Noether"], Venue = "VLDB", Year = 2011 }).Same);

    [Theory]
    [InlineData("Lanterns and bridges, part I", "Lanterns and bridges, part II")]
    [InlineData("A survey of lanterns 1998", "A survey of lanterns 2001")]
    [InlineData("Erratum: a survey of lanterns", "A survey of lanterns")]
    public void Parts_years_and_corrections_are_different(string one, string other)
    {
        Citation Of(string title) => Lanterns with { Title = title, Year = null, Venue = "" };

        Assert.False(CitationComparer.Compare(Of(one), Of(other)).Same);
    }

    [Fact]
    public void A_column_of_another_year_is_different()
    {
        var column = new Citation
        {
            Title = "Book review column",
            Authors = ["Ada Lovelace"],
            Venue = "SIGMOD Record",
            Year = 2001,
        };

        Assert.False(CitationComparer.Compare(column, column with { Year = 2002 }).Same);
    }

    [Fact]
    public void The_order_does_not_matter_and_nothing_throws() =>
        Gen.Select(Citations, Citations)
            .Sample(
                (one, other) =>
                {
                    var answer = CitationComparer.Compare(one, other);
                    return answer == CitationComparer.Compare(other, one)
                        && answer.Score is >= 0 and <= 1
                        && CitationFeatures.Of(one, other).All(f => f is >= 0 and <= 1)
                        && CitationFeatures.Of(one, other).Count == CitationFeatures.Names.Count;
                }
            );

    private static Comparison Compare(Citation other) => CitationComparer.Compare(Lanterns, other);

    private static readonly string[] Parts =
    [
        "lanterns",
        "of",
        "part ii",
        "ada lovelace ,",
        "c. babbage",
        ",",
        ". .",
        "proc . of vldb",
        "sigmod",
        "1998",
        "2003.0",
        "İ",
        "𝕏",
        "\ud800",
        "'s",
        "",
    ];

    private static readonly Gen<string> Words = Gen.Int[0, Parts.Length - 1]
        .Select(i => Parts[i])
        .List[0, 9]
        .Select(words => string.Join(' ', words));

    private static readonly Gen<Citation> Citations = Gen.Select(
        Gen.OneOf(Words, Gen.String),
        Gen.OneOf(Words, Gen.String).Array[0, 3],
        Words,
        Gen.Int[1990, 1993].Nullable(),
        (title, authors, venue, year) =>
            new Citation
            {
                Title = title,
                Authors = authors,
                Venue = venue,
                Year = year,
            }
    );
}
