using System.Globalization;
using System.Text;
using System.Text.Json;
using PaperPipeline.Contracts;
using PaperPipeline.Parser;
using PaperPipeline.Parser.Mail;

namespace PaperPipeline.Tests.Parser;

public sealed class RecordedMailTests
{
    private static readonly DigestContext Later = Pages.Context with
    {
        RetrievedAt = new DateTimeOffset(2026, 10, 7, 0, 0, 0, TimeSpan.Zero),
    };

    [Fact]
    public void The_alerts_of_Google_Scholar_are_read_as_they_are()
    {
        var truth = Recorded.Lines(Recorded.Path("data", "email", "scholar-alerts.truth.jsonl"));
        var read = new List<Entry>();
        foreach (var file in truth.Select(t => t.GetProperty("file").GetString()!).Distinct())
        {
            var digest = Pages.Parse(Recorded.Bytes(Recorded.Path("data", "email", "scholar-alerts", file)), Later);
            Assert.Equal("mail", digest.Shape);
            Assert.Empty(digest.Places());
            Assert.Equal(new DateOnly(2019, 12, 10), digest.Day);
            var shown = JsonSerializer.Serialize(digest.Entries());
            Assert.All(
                new[] { "readerxx", "scisig", "alert_id", "hist=" },
                p => Assert.DoesNotContain(p, shown, StringComparison.OrdinalIgnoreCase)
            );
            read.AddRange(digest.Entries());
        }

        Recorded.Score(
            "Google Scholar alerts",
            truth.Select(t =>
                (
                    Url(t),
                    t.GetProperty("title").GetString()!,
                    (IReadOnlyList<string>?)Names(t.GetProperty("byline").GetString()!)
                )
            ),
            read.Select(e => (Assert.Single(e.Links!).Url, e.Title, e.Authors))
        );
        Assert.Equal(
            truth.Select(t => Recorded.Fold(t.GetProperty("snippet").GetString()!)),
            read.Select(e => e.Extra!["snippet"])
        );
        Assert.Equal("1912.02015", read[0].Identifiers!.Arxiv);
        Assert.All(read, e => Assert.Null(e.Abstract));
        Assert.All(read, e => Assert.Equal(2019, e.PublishedAt!.Value.Year));

        static string Url(JsonElement truth) =>
            truth.GetProperty("url").GetString()!.Split("?url=")[1].Split("&hl=")[0];

        static string[] Names(string byline) =>
            [.. byline.Split(" - ")[0].Split(", ").Select(n => n.Trim('…', ' ')).Where(n => n.Length > 0)];
    }

    [Fact]
    public void The_body_of_an_alert_that_was_saved_is_read_too()
    {
        var digest = Pages.Parse(
            Recorded.Bytes(Recorded.Path("samples", "google-scholar-alert", "alert_body.html")),
            Later
        );

        Assert.Equal("google-scholar-alert", digest.Shape);
        Assert.Equal(3, digest.Entries().Length);
        Assert.Empty(digest.Places());
    }

    [Fact]
    public void Mails_without_papers_give_none_and_each_message_in_them_is_reached()
    {
        var (files, messages, refused) = (0, 0, 0);
        foreach (
            var file in Directory
                .EnumerateFiles(Recorded.Path("data", "email", "mimekit"), "*", SearchOption.AllDirectories)
                .Where(f => Path.GetExtension(f) is ".txt" or ".eml")
                .Order(StringComparer.Ordinal)
        )
        {
            files++;
            try
            {
                var items = Pages.Parse(Recorded.Bytes(file), Later).Items.ToList();
                Assert.Empty(items.OfType<ParsedEntry>());
                Assert.NotEmpty(items);
            }
            catch (UnreadableDigestException)
            {
                refused++;
            }

            foreach (var mail in new Mailbox(() => new MemoryStream(Recorded.Bytes(file))).Messages())
                try
                {
                    messages += Count(MessageTree.Of(mail.Bytes));
                }
                catch (InvalidDataException)
                {
                    // No mail.
                }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"MimeKit's mails: {files} files, {messages} messages in them, no paper; {refused} files refused as a whole"
            )
        );
        Assert.True(messages > files);

        static int Count(MailMessage message)
        {
            var (count, open) = (1, new Stack<MailPart>());
            if (message.Body is { } body)
                open.Push(body);
            while (open.TryPop(out var part))
            {
                if (part.Message is { } inner)
                    count += Count(inner);
                foreach (var child in part.Children)
                    open.Push(child);
            }

            return count;
        }
    }

    [Theory]
    [InlineData("data/arxiv-mail/mailings", 25)]
    [InlineData("samples/arxiv-email-listing", 113)]
    [InlineData("samples/huggingface-email", 2)]
    public void Recorded_digests_are_the_same_in_a_mail_a_forwarded_mail_and_a_mailbox(string folder, int atLeast)
    {
        var (papers, mailbox) = (0, new StringBuilder());
        var all = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Recorded.Path(folder.Split('/'))).Order(StringComparer.Ordinal))
        {
            if (file.EndsWith(".jsonl", StringComparison.Ordinal))
                continue;
            var bytes = Recorded.Bytes(file);
            var plain = Pages.Parse(bytes, Later);
            var titles = plain.Entries().Select(e => e.Title).ToArray();
            var body = Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks);
            var type = file.EndsWith(".html", StringComparison.Ordinal) ? "text/html" : "text/plain";
            var mail = Mails.Message(body, type, fields: "Content-Transfer-Encoding: base64", subject: "x");
            var forward = Mails.Multipart("mixed", Mails.Part("FYI"), Mails.Part(mail, "message/rfc822"));
            foreach (var form in new[] { mail, forward })
            {
                var read = Pages.Parse(Encoding.UTF8.GetBytes(form), Later);
                Assert.Equal(titles, read.Entries().Select(e => e.Title));
                Assert.Equal(plain.Places().Select(p => p.Reason), read.Places().Select(p => p.Reason));
            }

            mailbox.Append("From x@example.com Tue Oct  6 09:00:00 2026\n").Append(mail).Append("\n\n");
            all.AddRange(titles);
            papers += titles.Length;
        }

        Assert.True(papers >= atLeast, $"{papers}");
        Assert.Equal(
            all,
            Pages.Parse(Encoding.UTF8.GetBytes(mailbox.ToString()), Later).Entries().Select(e => e.Title)
        );
    }
}
