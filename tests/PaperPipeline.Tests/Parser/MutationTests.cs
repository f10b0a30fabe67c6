using System.Diagnostics;
using System.Globalization;
using CsCheck;
using PaperPipeline.Parser;

namespace PaperPipeline.Tests.Parser;

/// <summary>Digests that were damaged on their way: each is refused, or read with an account that adds up.</summary>
public sealed class MutationTests
{
    private static readonly byte[][] Pieces =
    [
        [.. "\n"u8],
        [.. "<"u8],
        [.. "</div>"u8],
        [.. "]]>"u8],
        [.. "&x;"u8],
        [.. "\""u8],
        [.. "{\"id\":"u8],
        [.. "\\\\\n"u8],
        [.. "\\ud800"u8],
        [0xFF],
        [0xC3],
        [0],
        [0xEF, 0xBB, 0xBF],
        [.. "arXiv:"u8],
        [.. "--b-mixed\n"u8],
        [.. "\nFrom x Tue Oct  6 09:00:00 2026\nA: b\n"u8],
        [.. "|"u8],
        [.. "\n|---|---|\n"u8],
        [.. "](https://arxiv.org/abs/2610.00001)"u8],
        [.. "=\n"u8],
        [.. "\u2028"u8],
        [.. new byte[300]],
    ];

    // Where, how much, how, and with what.
    private static readonly Gen<(double At, int Length, int Kind, int Piece)[]> Damage = Gen.Select(
        Gen.Double[0, 1],
        Gen.Int[1, 200],
        Gen.Int[0, 4],
        Gen.Int[0, Pieces.Length - 1]
    ).Array[1, 4];

    // A long run goes on for so long with each shape.
    private static readonly int Seconds = int.TryParse(
        Environment.GetEnvironmentVariable("PAPERPIPELINE_TEST_MUTATION_SECONDS"),
        CultureInfo.InvariantCulture,
        out var seconds
    )
        ? seconds
        : -1;

    public static TheoryData<string> Shapes => Fixtures.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_sound_digest_has_its_shape_and_nothing_to_report(string shape)
    {
        var digest = Pages.Parse(Fixtures.All[shape]);

        Assert.Equal(shape, digest.Shape);
        Assert.NotEmpty(digest.Entries());
        Assert.Empty(digest.Places());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_damaged_digest_is_refused_or_read_with_an_account_that_adds_up(string shape) =>
        Damage.Sample(damage => Check(Damaged(Fixtures.All[shape], damage)), iter: 300, time: Seconds);

    [Fact]
    public void Recorded_digests_that_are_damaged_are_refused_or_read_with_an_account_that_adds_up()
    {
        string[] folders = ["samples", "data/email", "data/hf-daily/gabrielchua-md", "data/arxiv-mail/mailings"];
        var files = folders
            .SelectMany(f => Directory.EnumerateFiles(Recorded.Path(f.Split('/')), "*", SearchOption.AllDirectories))
            .Where(f => new FileInfo(f).Length is > 0 and < 200_000)
            .Order(StringComparer.Ordinal)
            .Select(Recorded.Bytes)
            .ToArray();
        Gen.Select(Gen.Int[0, files.Length - 1], Damage)
            .Sample((file, damage) => Check(Damaged(files[file], damage)), iter: 500, time: Seconds);
    }

    private static byte[] Damaged(byte[] bytes, (double At, int Length, int Kind, int Piece)[] damage)
    {
        foreach (var (at, length, kind, piece) in damage)
        {
            var from = (int)(at * bytes.Length);
            var to = Math.Min(bytes.Length, from + length);
            bytes = kind switch
            {
                0 => bytes[..from],
                1 => [.. bytes[..from], .. bytes[to..]],
                2 => [.. bytes[..to], .. bytes[from..]],
                3 => [.. bytes[..from], .. Pieces[piece], .. bytes[from..]],
                _ => [.. bytes[..from], .. bytes[from..to].Select(b => (byte)(b ^ (1 << (piece % 8)))), .. bytes[to..]],
            };
        }

        return bytes;
    }

    private static void Check(byte[] bytes)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var items = Pages.Parse(bytes).Items.ToArray();
            var entries = items.OfType<ParsedEntry>().Select(e => e.Entry).ToArray();
            var places = items.OfType<ReportedPlace>().ToArray();
            Assert.Equal(Enumerable.Range(1, entries.Length), entries.Select(e => e.Ordinal));
            Assert.Equal(places.Length, places.Select(p => p.Position).Distinct(StringComparer.Ordinal).Count());
            Assert.All(entries, e => Assert.False(string.IsNullOrWhiteSpace(e.Title)));
            Assert.All(places, p => Assert.False(string.IsNullOrEmpty(p.Position) || string.IsNullOrEmpty(p.Reason)));
            // What nobody expected is no account.
            Assert.DoesNotContain(places, p => p.Reason.Contains("Exception:", StringComparison.Ordinal));
        }
        catch (UnreadableDigestException refused)
        {
            Assert.NotEmpty(refused.Reason);
        }

        // Far beyond what any of them takes: a hang, not a slow machine.
        Assert.True(
            Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60),
            Stopwatch.GetElapsedTime(started).ToString(null, CultureInfo.InvariantCulture)
        );
    }
}
