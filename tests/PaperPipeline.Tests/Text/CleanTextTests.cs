using CsCheck;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Tests.Text;

public sealed class CleanTextTests
{
    private static readonly string[] Pieces =
    [
        "\\",
        "{",
        "}",
        "$",
        "$$",
        "^",
        "_",
        "~",
        "``",
        "''",
        " ",
        "\n",
        "\"",
        "\\\"",
        "\\'",
        "\\v",
        "\\c{c}",
        "\\ss",
        "\\o ",
        "\\alpha",
        "\\frac",
        "\\sqrt",
        "\\mathbb{R}",
        "\\mathcal",
        "\\text",
        "\\foo",
        "\\(",
        "\\)",
        "\\{",
        "\\}",
        "\\%",
        "ell",
        "_1",
        "^2",
        "x",
        "10",
        "a",
        "{times}",
        "{%}",
        "https://a.org/x_1",
        "\\url{",
        "\\href",
        "\u0301",
        "\u00e9",
        "\ud800",
        "\udc00",
        "\ufffe",
        "-",
        ",",
        "[",
        "]",
        "\\left",
        "theta",
        "ı",
        "²",
    ];

    private static readonly Gen<string> TexLike = Gen.Int[0, Pieces.Length - 1]
        .Select(i => Pieces[i])
        .Array[0, 40]
        .Select(string.Concat);

    [Theory]
    [InlineData("Stra\\ss e", "Straße")]
    [InlineData("K\\\"uhn", "Kühn")]
    [InlineData("caf\\'{e}", "café")]
    [InlineData("{\\\"O}l", "Öl")]
    [InlineData("Jir\\v{c}i", "Jirči")]
    [InlineData("L\\o vland", "Løvland")]
    [InlineData("S\\'{\\i}", "Sí")]
    [InlineData("ell_1", "ℓ₁")]
    [InlineData("ell_q", "ℓ_q")]
    [InlineData("10^4", "10⁴")]
    [InlineData("8{times}", "8×")]
    [InlineData("50{%}", "50%")]
    [InlineData("$\\alpha$", "α")]
    [InlineData("\\mathcal{O}(n)", "O(n)")]
    [InlineData("$\\pi_0$", "π₀")]
    [InlineData("R\\&D 5\\%", "R&D 5%")]
    [InlineData("$\\{0,1\\}^n$", "{0,1}ⁿ")]
    [InlineData("a  b\n c", "a b c")]
    [InlineData("e\u0301", "é")]
    public void Tex_becomes_unicode(string text, string expected) => Assert.Equal(expected, CleanText.Clean(text));

    [Theory]
    [InlineData("my_model_1 and github_repo")]
    [InlineData("see https://x.org/~me/a_1^2?q={b} now")]
    [InlineData("costs $5 and $6")]
    [InlineData("\\unknown{x} stays")]
    [InlineData("f_theta")]
    public void What_is_no_known_tex_stays(string text) => Assert.Equal(text, CleanText.Clean(text));

    [Theory]
    [InlineData("\u0301\u0327")]
    [InlineData("\u0344")]
    public void More_marks_on_a_letter_than_any_language_has_are_parted(string marks)
    {
        var few = "a" + string.Concat(Enumerable.Repeat("\u0327", 30));
        Assert.Equal(few, CleanText.Clean(few));

        var clean = CleanText.Clean("a" + string.Concat(Enumerable.Repeat(marks, 200_000)));

        Assert.All(clean.Split('\u034F'), row => Assert.InRange(row.Length, 1, 31));
        Assert.Equal(clean, CleanText.Clean(clean));
    }

    [Fact]
    public void Cleaning_twice_gives_the_same_as_cleaning_once() =>
        TexLike.Sample(text =>
        {
            var once = CleanText.Clean(text);
            return string.Equals(CleanText.Clean(once), once, StringComparison.Ordinal);
        });

    [Theory]
    [InlineData("{")]
    [InlineData("\\")]
    [InlineData("$")]
    [InlineData("\\'{")]
    [InlineData("x^{")]
    public async Task A_long_run_of_signs_takes_linear_time(string sign)
    {
        var text = string.Concat(Enumerable.Repeat(sign, 262_144 / sign.Length));
        var work = Task.Run(() => CleanText.Clean(text), TestContext.Current.CancellationToken);
        await work.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("\\'{")]
    [InlineData("\\frac{")]
    [InlineData("\\text{")]
    [InlineData("\\foo{")]
    public async Task Deep_nesting_does_not_double_the_work_at_each_level(string open)
    {
        var text = string.Concat(Enumerable.Repeat(open, 200)) + "1" + new string('}', 200);
        var work = Task.Run(() => CleanText.Clean(text), TestContext.Current.CancellationToken);
        await work.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }
}
