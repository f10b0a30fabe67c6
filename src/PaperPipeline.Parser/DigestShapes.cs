using PaperPipeline.Parser.Arxiv;
using PaperPipeline.Parser.Catalogues;
using PaperPipeline.Parser.Feeds;
using PaperPipeline.Parser.Huggingface;
using PaperPipeline.Parser.Mail;
using PaperPipeline.Parser.Markdown;
using PaperPipeline.Parser.Newsletters;
using PaperPipeline.Parser.Oai;
using PaperPipeline.Parser.Scholar;
using PaperPipeline.Parser.Trending;

namespace PaperPipeline.Parser;

/// <summary>The shapes that are known.</summary>
internal static class DigestShapes
{
    /// <summary>
    /// All of them, in the order in which they are tried: the first one that recognises a digest reads it, so what is general
    /// comes behind what is special.
    /// </summary>
    /// <param name="parser">Who reads the parts of a digest that holds others.</param>
    public static IReadOnlyList<IDigestShape> All(DigestParser parser) =>
        [
            new DailyPapersJsonShape(),
            new DailyJsonShape(),
            new ListingShape(),
            new ListPageShape(),
            new DailyPapersMailShape(),
            new PapersPageShape(),
            new PaperYamlShape(),
            new ArxivApiShape(),
            new ArxivFeedShape(),
            new FeedShape(),
            new JsonFeedShape(),
            new OaiShape(),
            new SemanticScholarShape(),
            new OpenAlexShape(),
            new CrossrefShape(),
            new MailShape(parser),
            new ScholarAlertShape(),
            new MarkdownShape(),
            new TrendingTextShape(),
            new NewsletterShape(),
        ];
}
