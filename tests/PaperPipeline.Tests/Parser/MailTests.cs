using System.IO.Compression;
using System.Text;
using System.Text.Json;
using PaperPipeline.Parser;
using PaperPipeline.Parser.Mail;

namespace PaperPipeline.Tests.Parser;

public sealed class MailTests
{
    private static readonly string Page = HuggingfaceTests.Mail;

    private static readonly string[] Titles = ["New Ways to Count Lanterns: A Survey", "Folding (and Unfolding) Maps"];

    private const string List = """
        | Title | Authors | PDF |
        |---|---|---|
        | Mending Kettles with Tin | Ada Löwe, Bo Writer | [pdf](https://arxiv.org/abs/2610.00009) |
        """;

    private static ParsedDigest Parse(string mail) => Parse(Encoding.UTF8.GetBytes(mail));

    private static ParsedDigest Parse(byte[] mail) =>
        Pages.Parse(mail, Pages.Context with { RetrievedAt = new DateTimeOffset(2026, 10, 7, 0, 0, 0, TimeSpan.Zero) });

    private static string[] TitlesOf(ParsedDigest digest) => [.. digest.Entries().Select(e => e.Title)];

    [Fact]
    public void What_a_mail_holds_is_read_by_the_shape_that_recognises_it()
    {
        var digest = Parse(Mails.Message(Page, "text/html; charset=utf-8"));

        Assert.Equal("mail", digest.Shape);
        Assert.Contains("part 1: huggingface-daily-mail, HTML with", digest.RecognisedBy, StringComparison.Ordinal);
        Assert.Equal(Titles, TitlesOf(digest));
        Assert.Empty(digest.Places());
        Assert.Equal(new DateOnly(2026, 10, 6), digest.Day);
        Assert.All(digest.Entries(), e => Assert.Equal(new DateOnly(2026, 10, 6), e.Day));
    }

    [Theory]
    [InlineData("base64")]
    [InlineData("quoted-printable")]
    [InlineData("x-uuencode")]
    public void Every_transfer_encoding_is_undone(string encoding)
    {
        var text =
            "<p>Here is the selection of papers for today (6 Oct):</p><ul><li>Zählen früher Lämpchen: Größe = Maß (7 ▲)</li></ul>";
        var bytes = Encoding.UTF8.GetBytes(text);
        var body = encoding switch
        {
            "base64" => Mails.Base64(text),
            "quoted-printable" => Quoted(bytes),
            _ => Uuencoded(bytes),
        };

        var digest = Parse(
            Mails.Message(body, "text/html; charset=utf-8", fields: $"Content-Transfer-Encoding: {encoding}")
        );

        Assert.Equal("Zählen früher Lämpchen: Größe = Maß", Assert.Single(digest.Entries()).Title);
        Assert.Empty(digest.Places());
    }

    [Theory]
    [InlineData("iso-8859-1", "utf-8")]
    [InlineData("us-ascii", "utf-8")]
    [InlineData("utf-8", "windows-1252")]
    [InlineData("x-unknown", "utf-8")]
    [InlineData("windows-1251", "windows-1251")]
    [InlineData("iso-2022-jp", "iso-2022-jp")]
    [InlineData("gb18030", "gb18030")]
    [InlineData("utf-16le", "utf-16")]
    public void Charsets_are_read_as_they_are_whatever_the_mail_says_of_them(string stated, string real)
    {
        var title = real switch
        {
            "windows-1251" => "Как считать фонари в сумерках",
            "iso-2022-jp" or "gb18030" => "灯火の数え方について",
            _ => "Zählen früher Lämpchen über Nacht",
        };
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(real) ?? Encoding.GetEncoding(real);
        var body = Convert.ToBase64String(
            encoding.GetBytes(
                $"<p>Here is the selection of papers for today (6 Oct):</p><li>{title} (7 ▲)</li>".Replace(
                    "▲",
                    "votes",
                    StringComparison.Ordinal
                )
            ),
            Base64FormattingOptions.InsertLineBreaks
        );

        var digest = Parse(
            Mails.Message(body, $"text/html; charset={stated}", fields: "Content-Transfer-Encoding: base64")
        );

        Assert.Equal(title, Assert.Single(digest.Entries()).Title);
    }

    [Fact]
    public void Encodings_that_lie_are_seen_through()
    {
        var plain = Mails.Message(Page, "text/html", fields: "Content-Transfer-Encoding: base64");
        var quoted = Mails.Message(
            Quoted(Encoding.UTF8.GetBytes(Page)),
            "text/html",
            fields: "Content-Transfer-Encoding: 8bit"
        );
        var packed = Mails.Message(Mails.Base64(Page), "text/html");

        Assert.All([plain, quoted, packed], mail => Assert.Equal(Titles, TitlesOf(Parse(mail))));
    }

    [Fact]
    public void Of_alternatives_the_one_that_says_most_is_read_and_read_once()
    {
        var html = Mails.Part(Page, "text/html; charset=utf-8");
        var text = Mails.Part(
            "Here is the selection of papers for today (6 Oct):\n\n* Folding (and Unfolding) Maps (5 ▲)\n"
        );
        var digest = Parse(Mails.Multipart("alternative", text, html));

        Assert.Equal(Titles, TitlesOf(digest));
        Assert.Empty(digest.Places());
        // What only links to papers yields to the source's own text.
        var generic = Mails.Part(
            "<p><a href='https://arxiv.org/abs/2610.00001'>Counting Lanterns Again</a></p>",
            "text/html"
        );
        Assert.Equal(["Folding (and Unfolding) Maps"], TitlesOf(Parse(Mails.Multipart("alternative", text, generic))));
        Assert.Equal(
            ["Folding (and Unfolding) Maps"],
            TitlesOf(Parse(Mails.Multipart("alternative", text, Mails.Part("<p>See the text.</p>", "text/html"))))
        );
    }

    [Fact]
    public void Parts_in_parts_are_read_with_their_positions()
    {
        var inner =
            $"Content-Type: multipart/mixed; boundary=\"b-mixed\"\n\n{Mails.Parts("mixed", Mails.Part(Page + "<p>A title whose votes are gone</p>", "text/html"), Mails.Part(List, "text/markdown", "Content-Disposition: attachment; filename=day.md"))}";
        var related =
            $"Content-Type: multipart/related; boundary=\"b-related\"\n\n{Mails.Parts("related", inner, Mails.Part("AAAA", "image/png", "Content-Transfer-Encoding: base64"))}";
        var digest = Parse(Mails.Multipart("signed", related, Mails.Part("sig", "application/pgp-signature")));

        Assert.Equal([.. Titles, "Mending Kettles with Tin"], TitlesOf(digest));
        Assert.StartsWith("part 1.1.1, line ", Assert.Single(digest.Places()).Position, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mail_forwarded_as_a_mail_is_read_like_that_mail()
    {
        var old = Mails.Message(Page, "text/html", date: "Mon, 5 Jan 2026 09:00:00 +0000");
        var deep = old;
        for (var n = 0; n < 3; n++)
            deep = Mails.Multipart(
                "mixed",
                Mails.Part("See below. Bo <bo.forwarder@work.example>"),
                Mails.Part(deep, "message/rfc822")
            );
        var packed = Mails.Multipart(
            "mixed",
            Mails.Part(Mails.Base64(old), "message/rfc822", "Content-Transfer-Encoding: base64")
        );
        var named = Mails.Multipart(
            "mixed",
            Mails.Part(old, "application/octet-stream", "Content-Disposition: attachment; filename=a.eml")
        );

        foreach (var mail in new[] { deep, packed, named })
        {
            var digest = Parse(mail);
            Assert.Equal(Titles, TitlesOf(digest));
            Assert.Empty(digest.Places());
            Assert.All(digest.Entries(), e => Assert.Equal(new DateOnly(2025, 10, 6), e.Day));
        }
    }

    [Theory]
    [InlineData(
        "---------- Forwarded message ---------\nFrom: News <n@example.com>\nDate: Tue, Oct 6, 2026 at 9:00 AM\nSubject: Daily Papers\nTo: <ada.reader@mail.example.org>\n\n",
        ""
    )]
    [InlineData(
        "Begin forwarded message:\n\n> From: News <n@example.com>\n> Subject: Daily Papers\n> Date: 6 October 2026 at 09:00:00 GMT\n> To: Ada\n>\n",
        "> "
    )]
    [InlineData(
        "FYI\n\n-----Original Message-----\nFrom: News\nSent: Tuesday, October 6, 2026 9:00 AM\nTo: Ada\nSubject: Daily Papers\n\n",
        ""
    )]
    [InlineData(
        "________________________________\nVon: News\nGesendet: Dienstag\nAn: Ada\nBetreff: Daily Papers\n\n",
        ""
    )]
    [InlineData("", "> ")]
    public void A_mail_forwarded_within_the_text_is_read_like_that_mail(string head, string mark)
    {
        const string text = """
            Daily Papers
            Here is the selection of papers for today (6 Oct):

            * New Ways to Count Lanterns: A Survey (1,113 ▲)
              <https://huggingface.co/papers/2610.00001>
            * Folding (and Unfolding) Maps (5 ▲)
            """;
        var body = head + string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(l => mark + l));

        var digest = Parse(Mails.Message(body, date: "Wed, 7 Oct 2026 00:00:00 +0000", subject: "Fwd: Daily Papers"));

        Assert.Equal(Titles, TitlesOf(digest));
        Assert.Empty(digest.Places());
    }

    [Theory]
    [InlineData("astro-ph daily 2 new + 1 crosses received", 0)]
    [InlineData("Fwd: astro-ph daily 3 new + 1 crosses received", 1)]
    public void The_subject_of_the_mail_declares_what_its_listing_holds(string subject, int places)
    {
        var listing = ArxivTests.Listing[ArxivTests.Listing.IndexOf("\n\n", StringComparison.Ordinal)..];

        var digest = Parse(Mails.Message(listing, subject: subject));

        Assert.NotEmpty(digest.Entries());
        Assert.Equal(places, digest.Places().Count(p => p.Position == "part 1, declared count"));
    }

    [Fact]
    public void A_mailbox_is_read_mail_by_mail()
    {
        var mailbox = new StringBuilder();
        for (var n = 1; n <= 40; n++)
            mailbox
                .Append("From news@example.com Tue Oct  6 09:00:00 2026\n")
                .Append(
                    n % 10 == 0
                        ? Mails.Message("Lunch at noon?\n\nFrom here it is not far: ten minutes\n>From Bo\n")
                        : Mails.Message(
                            Page.Replace("2610.00001", $"2610.000{n:00}", StringComparison.Ordinal),
                            "text/html"
                        )
                )
                .Append("\n\n");
        var digest = Parse(mailbox.ToString());

        Assert.Equal(72, digest.Entries().Length);
        Assert.Equal(36, digest.Entries().Count(e => e.Identifiers is not null));
        Assert.Equal(
            ["message 10, part 1", "message 20, part 1", "message 30, part 1", "message 40, part 1"],
            digest.Places().Select(p => p.Position)
        );
        Assert.All(digest.Places(), p => Assert.Contains("From Bo", p.Excerpt, StringComparison.Ordinal));
        Assert.All(digest.Places(), p => Assert.DoesNotContain(">From", p.Excerpt, StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_mailbox_with_too_many_mails_the_first_are_read_and_the_rest_is_one_place()
    {
        var mail = $"From - Tue Oct  6 09:00:00 2026\n{Mails.Message(HuggingfaceTests.Mail, "text/html")}\n\n";
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(mail, 5)));
        var parser = new DigestParser(new ParserOptions { MaxMessages = 3 });

        var items = parser.Parse(() => new MemoryStream(bytes), Pages.Context).Items.ToArray();

        Assert.Equal(3 * Parse(mail).Entries().Length, items.OfType<ParsedEntry>().Count());
        var place = Assert.Single(items.OfType<ReportedPlace>());
        Assert.Equal(
            ("message 4", "more than 3 messages: split the digest and ingest the parts; the rest is not read"),
            (place.Position, place.Reason)
        );
    }

    [Fact]
    public void A_mailbox_is_held_one_mail_at_a_time()
    {
        var mail = Encoding.UTF8.GetBytes(
            "From x Tue Oct  6 09:00:00 2026\n" + Mails.Message(new string('x', 70_000)) + "\n\n"
        );
        var seen = new List<WeakReference>();
        var (most, count) = (0, 0);
        foreach (var message in new Mailbox(() => new Repeated(mail, 2000)).Messages())
        {
            seen.Add(new WeakReference(message.Bytes.Array));
            Assert.True(message.Bytes.Count < 100_000);
            if (++count % 200 != 0)
                continue;
            GC.Collect();
            most = Math.Max(most, seen.Select(s => s.Target).OfType<byte[]>().Distinct().Count());
        }

        Assert.Equal(2000, count);
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public void A_mail_that_is_too_large_is_read_as_far_as_it_may_be()
    {
        var mail = Mails.Message(Page + new string('\n', 100), "text/html");
        var huge = new Repeated(
            Encoding.UTF8.GetBytes(mail + string.Concat(Enumerable.Repeat(new string('x', 999) + "\n", 40))),
            1
        );
        var message = Assert.Single(new Mailbox(() => huge).Messages());
        Assert.False(message.IsCut);

        var endless = Assert.Single(
            new Mailbox(() => new Repeated([.. new byte[1000].Select(_ => (byte)'x')], 50_000)).Messages()
        );
        Assert.True(endless.IsCut);
        Assert.Equal(Mailbox.LargestMessage, endless.Bytes.Count);
    }

    [Fact]
    public void Archives_and_documents_in_a_mail_are_reported_and_not_unpacked()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(List));
        var zip = Convert.ToBase64String([(byte)'P', (byte)'K', 3, 4, 0, 0]);
        var digest = Parse(
            Mails.Multipart(
                "mixed",
                Mails.Part(Page, "text/html"),
                Mails.Part(
                    Convert.ToBase64String(packed.ToArray()),
                    "text/markdown; name=day.md",
                    "Content-Transfer-Encoding: base64"
                ),
                Mails.Part(zip, "application/zip", "Content-Transfer-Encoding: base64"),
                Mails.Part("%PDF-1.7\n", "application/pdf", "Content-Disposition: attachment; filename=a.pdf"),
                Mails.Part("piece", "message/partial; id=1; number=1; total=2")
            )
        );

        Assert.Equal(Titles, TitlesOf(digest));
        Assert.Equal(["part 2", "part 3", "part 4", "part 5"], digest.Places().Select(p => p.Position));
        Assert.StartsWith(
            "an archive (gzip) in a mail is not unpacked",
            digest.Places()[0].Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_mail_without_a_digest_is_refused_and_says_why()
    {
        var refused = Assert.Throws<UnreadableDigestException>(() =>
            Parse(Mails.Message("Dear Ada,\n\nlunch at noon? Write to ada.reader@mail.example.org"))
        );

        Assert.StartsWith(
            "the mail holds no known digest; part 1: unknown shape",
            refused.Reason,
            StringComparison.Ordinal
        );
        Assert.StartsWith("Dear Ada", refused.Excerpt, StringComparison.Ordinal);
        AssertNothingPersonal(refused.Reason + refused.Excerpt);
        Assert.Throws<UnreadableDigestException>(() => Parse(Mails.Message("", "image/png")));
        Assert.Throws<UnreadableDigestException>(() => Parse(Mails.Multipart("mixed")));
    }

    [Fact]
    public void A_mail_that_is_cut_off_says_so()
    {
        var mail = Mails.Multipart("mixed", Mails.Part(Page, "text/html"), Mails.Part(List, "text/markdown"));
        var end = mail.LastIndexOf("--b-mixed--", StringComparison.Ordinal);

        var digest = Parse(mail[..end]);

        Assert.Equal(3, digest.Entries().Length);
        Assert.Contains(digest.Places(), p => p.Reason.Contains("cut off", StringComparison.Ordinal));
        Hostile.CutAnywhere(mail, left => left.Contains("--b-mixed--", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_personal_leaves_a_mail()
    {
        const string html = """
            <html><body><p>Dear ada.reader+lists@mail.example.org, see <a href="https://news.example.com/unsubscribe/s3cr3t">here</a></p>
            <p><a href="https://track.example.com/c?u=s3cr3t&url=https%3A%2F%2Farxiv.org%2Fabs%2F2610.00001%3Futm_source%3Ds3cr3t">Counting Lanterns at Dusk</a>
            which ada.reader+lists@mail.example.org may like, as https://news.example.com/x?reader=s3cr3t has it for Ada in particular</p>
            <p><a href="https://arxiv.org/abs/2610.00002?u=s3cr3t">pdf</a></p>
            <p>mailto:ada.reader+lists@mail.example.org</p></body></html>
            """;
        var note =
            new string('n', 4000) + " ada.reader+lists@mail.example.org https://news.example.com/unsubscribe/s3cr3t";
        var digest = Parse(
            Mails.Multipart(
                "mixed",
                Mails.Part(html, "text/html"),
                Mails.Part(note[3900..] + new string('n', 4000)),
                Mails.Part(
                    "[1, {\"x\": \"ada.reader+lists@mail.example.org\"}]",
                    "application/json",
                    "Content-Disposition: attachment"
                ),
                Mails.Part(List.Replace("Bo Writer", Mails.Reader, StringComparison.Ordinal))
            )
        );

        Assert.Equal(["Counting Lanterns at Dusk", "Mending Kettles with Tin"], TitlesOf(digest));
        Assert.NotEmpty(digest.Places());
        AssertNothingPersonal(
            JsonSerializer.Serialize(digest.Entries()) + JsonSerializer.Serialize(digest.Places()) + digest.RecognisedBy
        );
    }

    [Theory]
    [InlineData("no address here", "no address here")]
    [InlineData("to a.b+c@x-y.example.org.", "to [address].")]
    [InlineData("x%40example.org&y", "[address]&y")]
    [InlineData("<mailto:a@b.example>", "<[address]>")]
    [InlineData("see https://arxiv.org/abs/2610.00001 now", "see https://arxiv.org/abs/2610.00001 now")]
    [InlineData("see https://arxiv.org/abs/2610.00001?u=1 now", "see https://arxiv.org/… now")]
    [InlineData("(https://news.example/u/abc?x=1)", "(https://news.example/…)")]
    [InlineData("https://news.example", "https://news.example")]
    [InlineData("5 @ 10 and a@b", "5 @ 10 and a@b")]
    public void Texts_are_shown_without_addresses_and_personal_links(string text, string shown) =>
        Assert.Equal(shown, PersonalText.Redact(text));

    [Fact]
    public void Mails_that_are_nested_or_split_without_end_are_refused_or_reported()
    {
        var parts = string.Concat(Enumerable.Repeat("--b-mixed\nContent-Type: text/plain\n\nx\n", 5000));
        var fields = string.Concat(Enumerable.Range(0, 50_000).Select(n => $"X-{n}: y\n"));
        var mail = Page;
        for (var n = 0; n < 30; n++)
            mail = Mails.Message(mail, n == 0 ? "text/html" : "message/rfc822");
        var multiparts = Mails.Message(
            string.Concat(
                Enumerable.Range(0, 3000).Select(n => $"--b\nContent-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")
            ),
            "multipart/mixed; boundary=b"
        );

        Assert.Throws<UnreadableDigestException>(() =>
            Parse(Mails.Message(parts, "multipart/mixed; boundary=\"b-mixed\""))
        );
        Assert.Throws<UnreadableDigestException>(() => Parse(Mails.Message("x", fields: fields.TrimEnd())));
        Assert.Throws<UnreadableDigestException>(() => Parse(mail).Entries());
        foreach (var endless in new[] { new string('x', 400_000), string.Concat(Enumerable.Repeat("\n y", 200_000)) })
            Assert.EndsWith(
                "a header field is larger than 256 KiB",
                Assert.Throws<UnreadableDigestException>(() => Parse(Mails.Message(Page, "text/html", endless))).Reason,
                StringComparison.Ordinal
            );
        Assert.Throws<UnreadableDigestException>(() => Parse(multiparts));
    }

    internal static void AssertNothingPersonal(string text) =>
        Assert.All(Mails.Personal, p => Assert.DoesNotContain(p, text, StringComparison.OrdinalIgnoreCase));

    private static string Quoted(byte[] bytes)
    {
        var (quoted, column) = (new StringBuilder(), 0);
        foreach (var b in bytes)
        {
            var piece =
                b is > 32 and < 127 and not (byte)'=' or 32 ? ((char)b).ToString()
                : b == 10 ? "\n"
                : $"={b:X2}";
            if (column + piece.Length > 70 && piece != "\n")
            {
                quoted.Append("=\n");
                column = 0;
            }

            quoted.Append(piece);
            column = piece == "\n" ? 0 : column + piece.Length;
        }

        return quoted.ToString();
    }

    private static string Uuencoded(byte[] bytes)
    {
        static char Sign(int six) => six == 0 ? '`' : (char)(six + 32);
        var text = new StringBuilder("begin 644 day.html\n");
        foreach (var line in bytes.Chunk(45))
        {
            text.Append(Sign(line.Length));
            foreach (var three in line.Chunk(3))
            {
                var (a, b, c) = (three[0], three.ElementAtOrDefault(1), three.ElementAtOrDefault(2));
                text.Append(Sign(a >> 2))
                    .Append(Sign(((a & 3) << 4) | (b >> 4)))
                    .Append(Sign(((b & 15) << 2) | (c >> 6)))
                    .Append(Sign(c & 63));
            }

            text.Append('\n');
        }

        return text.Append("`\nend\n").ToString();
    }

    /// <summary>The same bytes again and again.</summary>
    private sealed class Repeated(byte[] bytes, int times) : MemoryStream(bytes)
    {
        private int left = times - 1;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = base.Read(buffer, offset, count);
            if (read > 0 || left-- <= 0)
                return read;
            Position = 0;
            return base.Read(buffer, offset, count);
        }
    }
}
