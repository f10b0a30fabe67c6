using PaperPipeline.Parser.Content;

namespace PaperPipeline.Parser.Huggingface;

/// <summary>
/// What <c>huggingface.co/api/daily_papers</c> answers: an array of items with a paper each; and <c>/api/papers/{id}</c>: one
/// paper alone. Also as JSON lines.
/// </summary>
internal sealed class DailyPapersJsonShape : IDigestShape
{
    public string Name => "huggingface-daily-json";

    public ContentKind Kinds => ContentKind.Json | ContentKind.JsonLines;

    public Recognition Recognise(DigestContent content)
    {
        var json = content.Json;
        var digest = new DailyPapersJson(content);
        if (json.Has("[].paper.id", "[].paper.title"))
            return Recognition.Of(digest, "elements that have paper.id and paper.title");
        foreach (var mark in (ReadOnlySpan<string>)["upvotes", "discussionId", "submittedOnDailyAt"])
        {
            if (json.Has("[].id", "[].title", "[]." + mark))
                return Recognition.Of(digest, $"elements that have id, title and {mark}");
            if (json.Has("id", "title", mark))
                return Recognition.Of(digest, $"one paper that has id, title and {mark}");
        }

        return json.IsEmptyList
            ? Recognition.Of(digest, "an empty list, as a day without papers is answered")
            : Recognition.None("elements that have paper.id and paper.title, or papers with id, title and upvotes");
    }
}

/// <summary>Papers of the Hugging Face API, ready to be read.</summary>
internal sealed class DailyPapersJson(DigestContent content) : IRecognisedDigest
{
    // Each paper says on which day it was a daily paper.
    public DateOnly? Day(DateOnly retrieved)
    {
        foreach (var item in new JsonElements(content).Read())
            return DigestDates.Day(
                item.Value.Text("paper", "submittedOnDailyAt") ?? item.Value.Text("submittedOnDailyAt")
            );
        return null;
    }

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        foreach (var item in new JsonElements(content).Read())
        {
            if (item.Problem is { } problem)
                yield return problem;
            else if (HuggingfacePaper.Read(item.Value, context) is { } entry)
                yield return new ParsedEntry(entry);
            else
                yield return item.Report("no paper: it has no id or no title");
        }
    }
}
