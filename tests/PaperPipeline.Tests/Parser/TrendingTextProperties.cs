using System.Globalization;
using CsCheck;
using PaperPipeline.Parser;
using PaperPipeline.Parser.Trending;

namespace PaperPipeline.Tests.Parser;

public sealed class TrendingTextProperties
{
    private static readonly Gen<Paper[]> Papers = Gen.Select(
        Gen.Int[0, 9999],
        Gen.Frequency((1, Gen.Const(0)), (6, Gen.Int[2, 12])),
        Pages.Invent
    ).Array[1, 30];

    private static readonly Gen<string> Lines = Gen.OneOf(
        Gen.Char["ab -.:W1"].Array[0, 500].Select(c => new string(c)),
        Gen.OneOf(
            new[] { "", "", "new", "Subscribe", "May 22", "June 3", "-----", "by AK and the research community" }
                .Select(line => Gen.Const(line))
                .ToArray()
        ),
        Gen.Int[0, 99].Select(n => Pages.Invent(n, 4).Abstract!)
    );

    [Fact]
    public void Every_layout_gives_the_same_papers() =>
        Papers.Sample(
            papers =>
            {
                var page = Pages.Page(papers);
                string[] layouts =
                [
                    page,
                    page.TrimEnd(),
                    page.Replace("\n", "\r\n", StringComparison.Ordinal),
                    page.Replace('\n', '\r'),
                    page.Replace('\n', '\u2028'),
                    page.Replace('\n', '\u0085'),
                    "\uFEFF" + page,
                    Pages.Page(papers, "\n\n\n\n"),
                    Pages.Page(papers, wrap: p => Pages.Wrap(p, 80)),
                    Pages.Page(papers, wrap: p => Pages.Wrap(p, 72)),
                ];
                Assert.All(layouts, layout => Assert.Equal(papers, Pages.Parse(layout).Papers()));
            },
            iter: 300
        );

    [Fact]
    public void Every_line_is_furniture_part_of_a_paper_or_reported() =>
        Lines
            .Array[0, 200]
            .Sample(
                lines =>
                    Assert.Equal(
                        0,
                        Unaccounted(string.Join('\n', lines.Prepend("Get trending papers in your email inbox!")))
                    ),
                iter: 500
            );

    private static int Unaccounted(string text)
    {
        var items = Pages.Parse(text).Items.ToArray();
        var papers = string.Concat(items.OfType<ParsedEntry>().Select(e => e.Entry.Title + e.Entry.Abstract));
        papers = papers.Replace(" ", string.Empty, StringComparison.Ordinal);
        var reported = items
            .OfType<ReportedPlace>()
            .SelectMany(place =>
            {
                var ends = place
                    .Position.Split(' ')[1]
                    .Split('-')
                    .Select(n => int.Parse(n, CultureInfo.InvariantCulture))
                    .ToArray();
                return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
            })
            .ToHashSet();
        return text.Split('\n')
            .Select(
                (line, n) =>
                    (Text: line.Replace(" ", string.Empty, StringComparison.Ordinal), Raw: line.Trim(), Number: n + 1)
            )
            .Count(l =>
                l.Text.Length > 0
                && Furniture.Of(l.Raw) == FurnitureKind.None
                && !reported.Contains(l.Number)
                && !papers.Contains(l.Text, StringComparison.Ordinal)
            );
    }
}
