namespace PaperPipeline.Benchmarks;

/// <summary>The forms that papers can be written in.</summary>
internal static class DigestForms
{
    /// <summary>By name.</summary>
    public static IReadOnlyDictionary<string, DigestForm> All { get; } =
        new Dictionary<string, DigestForm>(StringComparer.Ordinal)
        {
            ["arxiv-rss"] = FeedForms.ArxivRss,
            ["arxiv-atom"] = FeedForms.ArxivAtom,
            ["arxiv-api"] = FeedForms.ArxivApi,
            ["oai-pmh"] = FeedForms.Oai,
            ["rss"] = FeedForms.Rss,
            ["json-feed"] = JsonForms.JsonFeed,
            ["semanticscholar"] = JsonForms.SemanticScholar,
            ["openalex"] = JsonForms.OpenAlex,
            ["crossref"] = JsonForms.Crossref,
            ["huggingface-daily"] = JsonForms.HuggingfaceDaily,
            ["huggingface-page"] = JsonForms.HuggingfacePage,
            ["huggingface-yaml"] = MailForms.HuggingfaceYaml,
            ["arxiv-daily"] = JsonForms.ArxivDaily,
            ["arxiv-page"] = MailForms.ArxivPage,
            ["huggingface-mail"] = MailForms.HuggingfaceMail,
            ["arxiv-mail"] = MailForms.ArxivMail,
            ["arxiv-abs"] = MailForms.ArxivAbs,
            ["scholar-alert"] = MailForms.ScholarAlert,
            ["markdown"] = MailForms.Markdown,
            ["newsletter"] = MailForms.Newsletter,
        };
}
