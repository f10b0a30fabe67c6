using System.Text.Json;
using PaperPipeline.Contracts;
using PaperPipeline.Parser.Content;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Arxiv;

/// <summary>
/// Papers of arXiv as JSON, an object on each line or in an array, with the names of arXiv's API: what daily collectors keep.
/// </summary>
internal sealed class DailyJsonShape : IDigestShape
{
    private static readonly string[] Marks = ["abs", "pdf", "categories", "comment", "primary_category"];

    public string Name => "arxiv-daily-json";

    public ContentKind Kinds => ContentKind.Json | ContentKind.JsonLines;

    public Recognition Recognise(DigestContent content)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["[].", ""])
            if (content.Json.Has(prefix + "id", prefix + "title", prefix + "summary"))
                foreach (var mark in Marks)
                    if (content.Json.Has(prefix + mark))
                        return Recognition.Of(
                            new DailyJson(content),
                            $"papers that have id, title, summary and {mark}"
                        );
        return Recognition.None("papers that have id, title, summary and categories");
    }
}

/// <summary>The papers, ready to be read.</summary>
internal sealed class DailyJson(DigestContent content) : IRecognisedDigest
{
    public DateOnly? Day(DateOnly retrieved) => null;

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        foreach (var item in new JsonElements(content).Read())
        {
            if (item.Problem is { } problem)
                yield return problem;
            else if (item.Value.Text("title") is not { } title)
                yield return item.Report("no paper: it has no title");
            else if ((PaperIds.Arxiv(item.Value.Text("id")) ?? PaperIds.Arxiv(item.Value.Text("abs"))) is { } id)
                yield return new ParsedEntry(Entry(item.Value, title, id, context));
            else
                yield return item.Report("no paper of arXiv: its id is none");
        }
    }

    private static Entry Entry(JsonElement paper, string title, ArxivId id, DigestContext context) =>
        context.Entry(ArxivRecord.Source, title) with
        {
            Abstract = paper.Text("summary"),
            Authors = paper.Texts("authors"),
            Identifiers = new Identifiers { Arxiv = id.Id, Doi = PaperIds.Doi(paper.Text("doi")) },
            PaperVersion = id.Version,
            PublishedAt = DigestDates.Read(paper.Text("published")),
            UpdatedAt = DigestDates.Read(paper.Text("updated")),
            Day = DigestDates.Day(paper.Text("first_seen")),
            Categories = paper.Texts("categories"),
            Comments = paper.Text("comment"),
            JournalRef = paper.Text("journal_ref"),
            Withdrawn = ArxivRecord.IsWithdrawn(paper.Text("comment")) ? true : null,
        };
}
