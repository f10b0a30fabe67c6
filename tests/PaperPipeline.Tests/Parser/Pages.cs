using System.Text;
using PaperPipeline.Parser;

namespace PaperPipeline.Tests.Parser;

internal sealed record Paper(string Title, string? Abstract);

/// <summary>Writes invented papers as trending pages and reads them back.</summary>
internal static class Pages
{
    public static readonly string[] Frame =
    [
        "new",
        "Get trending papers in your email inbox!",
        "Subscribe",
        "byAK and the research community",
        "May 22",
    ];

    private static readonly string[] Nouns =
    [
        "Lanterns",
        "Orchards",
        "Tides",
        "Bridges",
        "Kettles",
        "Meadows",
        "Harbours",
        "Ledgers",
        "Pebbles",
        "Sparrows",
    ];

    private static readonly string[] Verbs = ["Sorting", "Counting", "Folding", "Tracing", "Mending", "Weighing"];

    public static DigestContext Context { get; } =
        new()
        {
            Digest = new string('a', 64),
            RetrievedAt = new DateTimeOffset(2025, 5, 23, 8, 0, 0, TimeSpan.Zero),
            TraceId = new string('b', 32),
        };

    public static Paper Invent(int seed, int sentences)
    {
        var (noun, other, verb) = (Nouns[seed % 10], Nouns[seed / 10 % 10], Verbs[seed % 6]);
        var text = new StringBuilder();
        for (var i = 0; i < sentences; i++)
        {
            text.Append(i == 0 ? "We study how " : " It turns out that ")
                .Append(noun.ToLowerInvariant())
                .Append(" and ")
                .Append(other.ToLowerInvariant())
                .Append(" are kept in slow-moving rooms with ")
                .Append((seed * 7) + i)
                .Append(" windows and a low ceiling.");
        }

        return new Paper($"{verb} {noun} beside {other} at Scale {seed}", sentences == 0 ? null : text.ToString());
    }

    public static Paper[] Invent(int count) => [.. Enumerable.Range(1, count).Select(n => Invent(n, 3 + (n % 6)))];

    public static string Page(IEnumerable<Paper> papers, string gap = "\n\n", Func<string, string>? wrap = null)
    {
        IEnumerable<string> paragraphs = papers.SelectMany(p =>
            p.Abstract is null ? [p.Title] : new[] { p.Title, p.Abstract }
        );
        return string.Join(gap, Frame.Concat(paragraphs.Select(wrap ?? (p => p)))) + "\n";
    }

    public static string Wrap(string text, int width)
    {
        var (wrapped, column) = (new StringBuilder(), 0);
        foreach (var word in text.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > width)
            {
                wrapped.Append('\n');
                column = 0;
            }
            else if (column > 0)
            {
                wrapped.Append(' ');
                column++;
            }

            wrapped.Append(word);
            column += word.Length;
        }

        return wrapped.ToString();
    }

    public static ParsedDigest Parse(byte[] bytes, DigestContext? context = null) =>
        new DigestParser().Parse(() => new MemoryStream(bytes), context ?? Context);

    public static ParsedDigest Parse(string text, DigestContext? context = null) =>
        Parse(Encoding.UTF8.GetBytes(text), context);

    public static Paper[] Papers(this ParsedDigest digest) =>
        [.. digest.Items.OfType<ParsedEntry>().Select(e => new Paper(e.Entry.Title, e.Entry.Abstract))];

    public static ReportedPlace[] Places(this ParsedDigest digest) => [.. digest.Items.OfType<ReportedPlace>()];
}
