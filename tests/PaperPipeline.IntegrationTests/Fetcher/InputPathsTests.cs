using PaperPipeline.Fetcher;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Fetcher;

/// <summary>What a person types as a path.</summary>
public sealed class InputPathsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public InputPathsTests()
    {
        foreach (var name in (string[])["b.txt", "a1.txt", "a2.txt", "a10.txt", "c.md", ".hidden.txt"])
            _folder.Write(name, "x");
        foreach (var name in (string[])["deep/d.txt", "deep/more/e.txt", ".git/f.txt", "deep/.part"])
            _folder.Write(name, "x");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("b.txt", "b.txt")]
    [InlineData("", "a1.txt a10.txt a2.txt b.txt c.md deep/d.txt deep/more/e.txt")]
    [InlineData("deep/", "deep/d.txt deep/more/e.txt")]
    [InlineData("*.txt", "a1.txt a10.txt a2.txt b.txt")]
    [InlineData("a?.txt", "a1.txt a2.txt")]
    [InlineData("?.*", "b.txt c.md")]
    [InlineData("**/*.txt", "a1.txt a10.txt a2.txt b.txt deep/d.txt deep/more/e.txt")]
    [InlineData("**/e.txt", "deep/more/e.txt")]
    [InlineData("deep/**", "deep/d.txt deep/more/e.txt")]
    [InlineData("d??p/*.txt", "deep/d.txt")]
    [InlineData("*/more/../d.txt", "deep/more/../d.txt")]
    [InlineData(".hidden.txt", ".hidden.txt")]
    public void A_path_stands_for_its_files_in_ordinal_order(string typed, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                ' ',
                InputPaths
                    .Expand(Path.Combine(_folder.Path, typed))
                    .Select(path => path.Replace(_folder.Path, "", StringComparison.Ordinal).TrimStart('/'))
            )
        );

    [Theory]
    [InlineData("nowhere.txt")]
    [InlineData("nowhere/*.txt")]
    [InlineData("*.pdf")]
    [InlineData("A?.txt")]
    [InlineData(".git/")]
    public void What_stands_for_no_file_is_said(string typed)
    {
        if (typed == ".git/")
            File.Delete(_folder[".git/f.txt"]);

        var failure = Assert.Throws<FileNotFoundException>(() => InputPaths.Expand(_folder[typed]));

        Assert.Contains(typed, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_that_lead_back_are_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making links takes rights on Windows");
        foreach (var name in (string[])["one", "two", "three"])
            Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "deep", name), _folder.Path);

        Assert.Equal(2, InputPaths.Expand(_folder["deep"]).Count);
        Assert.Equal(2, InputPaths.Expand(_folder["deep/**/*.txt"]).Count);
    }

    [Fact]
    public void Addresses_and_standard_input_stand_for_themselves() =>
        Assert.Equal(
            ["https://example.org/*?x", "-"],
            ((string[])["https://example.org/*?x", "-"]).SelectMany(InputPaths.Expand)
        );
}
