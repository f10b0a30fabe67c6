using System.Text.Json;
using PaperPipeline.Contracts;
using PaperPipeline.Parser.Content;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Huggingface;

/// <summary>
/// A paper as the Hugging Face API gives it (huggingface_hub, hf_api.py, <c>PaperInfo</c>): alone, or inside an item of the
/// daily papers. What lies in the paper is better than what lies around it, whose <c>publishedAt</c> is shifted.
/// </summary>
internal static class HuggingfacePaper
{
    public const string Source = "huggingface";

    /// <summary>The entry; null where it has no title or no id.</summary>
    public static Entry? Read(JsonElement item, DigestContext context)
    {
        var paper = item.At("paper") is { ValueKind: JsonValueKind.Object } inner ? inner : item;
        if ((paper.Text("title") ?? item.Text("title")) is not { } title || paper.Text("id") is not { } id)
            return null;
        var identifiers = PaperIds.Of(id);
        var code = Address(paper.Text("githubRepo"));
        var links = new List<Link>();
        if (code is not null)
            links.Add(new Link { Url = code, Kind = "code" });
        if (Address(paper.Text("projectPage")) is { } project && project != code)
            links.Add(new Link { Url = project, Kind = "project" });
        return context.Entry(Source, title) with
        {
            Abstract = paper.Text("summary") ?? item.Text("summary"),
            Authors = [.. paper.Items("authors").Select(a => a.Text("name") ?? a.Text()).OfType<string>()],
            Identifiers = identifiers,
            OwnId = identifiers is null ? id : null,
            PublishedAt = DigestDates.Read(paper.Text("publishedAt")),
            Day = DigestDates.Day(paper.Text("submittedOnDailyAt")),
            Upvotes = paper.Count("upvotes") ?? item.Count("upvotes"),
            Submitter = User(paper.At("submittedOnDailyBy")) ?? User(item.At("submittedBy")),
            Organization = Organization(paper) ?? Organization(item),
            Links = links,
            CodeUrl = code,
            Repository = Repositories.NameOf(code),
            Stars = paper.Count("githubStars"),
            Withdrawn = paper.Text("withdrawnAt") is null ? null : true,
            Extra = paper.Text("ai_summary") is { } summary
                ? new Dictionary<string, string>(StringComparer.Ordinal) { ["aiSummary"] = summary }
                : null,
        };
    }

    private static string? User(JsonElement user) => user.Text("user") ?? user.Text("name") ?? user.Text("fullname");

    private static string? Organization(JsonElement around) =>
        around.Text("organization", "fullname") ?? around.Text("organization", "name");

    private static string? Address(string? text) =>
        text is { Length: <= 2048 }
        && Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? text.Trim()
            : null;
}
