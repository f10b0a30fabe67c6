using System.Globalization;
using System.Security;
using System.Text;

namespace PaperPipeline.Benchmarks;

/// <summary>A form that digests come in: how papers are written in it, with invented authors and identifiers.</summary>
/// <param name="Before">What stands before so many papers.</param>
/// <param name="Each">A paper with its number.</param>
/// <param name="Behind">What stands behind the papers.</param>
/// <param name="Between">What stands between two papers.</param>
internal sealed record DigestForm(
    Func<int, string> Before,
    Func<Paper, string, string> Each,
    string Behind,
    string Between = "\n"
)
{
    /// <summary>The authors of every paper.</summary>
    public static IReadOnlyList<string> Authors { get; } =
    ["Ada Lantern", "Bo Harbour", "Cleo M. Bridge", "Dee Timetable"];

    /// <summary>The authors in a line.</summary>
    public static string AuthorLine { get; } = string.Join(", ", Authors);

    /// <summary>Writes a digest; its first paper has this number.</summary>
    public void Write(TextWriter to, Paper[] papers, int first)
    {
        to.WriteLine(Before(papers.Length));
        for (var i = 0; i < papers.Length; i++)
        {
            to.Write(i == 0 ? "" : Between);
            to.Write(Each(papers[i], Id(first + i)));
        }

        to.WriteLine();
        to.WriteLine(Behind);
    }

    /// <summary>A text as markup has it.</summary>
    public static string Text(string text) => SecurityElement.Escape(text);

    /// <summary>A text in lines as mails of arXiv have it.</summary>
    public static string Wrap(string text)
    {
        var (wrapped, column) = (new StringBuilder(), 0);
        foreach (var word in text.Split(' '))
        {
            wrapped
                .Append(
                    column == 0 ? ""
                    : column + word.Length > 78 ? "\n"
                    : " "
                )
                .Append(word);
            column = column + word.Length > 78 ? word.Length + 1 : column + word.Length + 1;
        }

        return wrapped.ToString();
    }

    private static string Id(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{1501 + (number / 100_000 % 12)}.{number % 100_000:00000}");
}
