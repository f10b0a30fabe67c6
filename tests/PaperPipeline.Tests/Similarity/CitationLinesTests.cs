using System.IO.Compression;
using System.Text;
using PaperPipeline.Storage.Similarity;

namespace PaperPipeline.Tests.Similarity;

public sealed class CitationLinesTests
{
    private const string Pair =
        """{"a":{"title":"One","authors":["Ada King","B. Writer"],"venue":"VLDB","year":2001},"b":{"title":"Other","authors":"A King and B Writer","year":"2001.0","venue":null},"label":1}""";

    [Fact]
    public void Lists_texts_and_numbers_of_every_form_are_read()
    {
        var pair = Read(Pair);

        Assert.Equal((true, 1), (pair.Same, pair.Line));
        Assert.Equal(["Ada King", "B. Writer"], pair.One.Authors);
        Assert.Equal(["A King", "B Writer"], pair.Other.Authors);
        Assert.Equal((2001, 2001, "VLDB", ""), (pair.One.Year, pair.Other.Year, pair.One.Venue, pair.Other.Venue));
        Assert.Null(Read("""{"a":{"title":"One"},"b":{"title":"Other","year":"last"}}""").Same);
    }

    [Fact]
    public void What_is_packed_is_read_alike()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(Pair + "\n\n" + Pair + "\n"));
        packed.Position = 0;

        Assert.Equal([1, 3], CitationLines.Read(packed).Select(p => p.Line));
        Assert.Empty(CitationLines.Read(new MemoryStream()));
    }

    [Fact]
    public void A_packed_file_that_was_cut_fails()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(Pair + "\n"));

        Assert.Throws<IOException>(() => CitationLines.Read(new MemoryStream(packed.ToArray()[..^9])).Count());
    }

    [Theory]
    [InlineData("no JSON", "it is no JSON")]
    [InlineData("[]", "it is no object")]
    [InlineData("""{"a":{"title":"x"}}""", "it has no object \"b\"")]
    [InlineData("""{"a":{"title":"x"},"b":{"title":" "}}""", "\"b\" has no title")]
    [InlineData("""{"a":{"title":7},"b":{"title":"x"}}""", "title of \"a\" is no text")]
    [InlineData("""{"a":{"title":"x","authors":[1]},"b":{"title":"x"}}""", "an author of \"a\" is no text")]
    [InlineData("""{"a":{"title":"x"},"b":{"title":"x"},"label":2}""", "its label is neither 0 nor 1")]
    public void A_line_that_is_no_pair_is_named(string line, string reason)
    {
        var failure = Assert.Throws<FormatException>(() => Read("\n" + line));

        Assert.Equal($"Line 2 is no pair of citations: {reason}.", failure.Message);
    }

    internal static CitationPair Read(string text) =>
        CitationLines.Read(new MemoryStream(Encoding.UTF8.GetBytes(text))).Single();
}
