using System.Text;

namespace PaperPipeline.Tests.Parser;

/// <summary>A sound digest of each shape, for the tests that hold for all of them.</summary>
internal static class Fixtures
{
    public static IReadOnlyDictionary<string, byte[]> All { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["huggingface-trending-text"] = Pages.Page(Pages.Invent(6)),
            ["huggingface-daily-json"] = $"[{HuggingfaceTests.Item},{HuggingfaceTests.Other}]",
            ["huggingface-daily-mail"] = HuggingfaceTests.Mail,
            ["huggingface-papers-page"] = HuggingfaceTests.Page($"[{HuggingfaceTests.Item},{HuggingfaceTests.Other}]"),
            ["huggingface-paper-yaml"] =
                "date: \"2026-09-30\"\nauthor: Ada Uthor\ntitle: 'Kettles: A Lid'\nlink: https://huggingface.co/papers/2609.00003\nsummary: We mend.\n",
            ["feed"] = FeedTests.Rss,
            ["json-feed"] = FeedTests.Json,
            ["arxiv-feed"] = ArxivFeedTests.Rss,
            ["arxiv-api"] = ArxivApiTests.Answer,
            ["oai-pmh"] = OaiTests.Answer,
            ["semanticscholar-json"] = CatalogueTests.Scholar,
            ["openalex-json"] = CatalogueTests.OpenAlex,
            ["crossref-json"] = CatalogueTests.Crossref,
            ["arxiv-listing"] = ArxivTests.Listing,
            ["arxiv-list-page"] = ArxivTests.PastWeek,
            ["mail"] = Mails.Multipart(
                "mixed",
                Mails.Part(HuggingfaceTests.Mail, "text/html; charset=utf-8"),
                Mails.Part(
                    Mails.Message(
                        Mails.Base64(ScholarAlertTests.Alert),
                        "text/html",
                        fields: "Content-Transfer-Encoding: base64"
                    ),
                    "message/rfc822"
                )
            ),
            ["google-scholar-alert"] = ScholarAlertTests.Alert,
            ["markdown-digest"] = MarkdownTests.Table,
            ["newsletter"] = NewsletterTests.Letter,
            ["arxiv-daily-json"] = string.Concat(
                Enumerable
                    .Range(1, 5)
                    .Select(n =>
                        $$"""{"id":"2603.0000{{n}}","title":"Paper {{n}}","summary":"Text.","authors":["A B"],"categories":["cs.CV"]}"""
                        + "\n"
                    )
            ),
        }.ToDictionary(f => f.Key, f => Encoding.UTF8.GetBytes(f.Value), StringComparer.Ordinal);

    public static TheoryData<string> Shapes => [.. All.Keys.Order(StringComparer.Ordinal)];
}
