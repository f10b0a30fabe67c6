using System.Globalization;
using PaperPipeline.Contracts;
using PaperPipeline.Parser.Content;
using PaperPipeline.Parser.Feeds;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Arxiv;

/// <summary>
/// An answer of arXiv's query API (info.arxiv.org/help/api/user-manual), an Atom feed. An error is an answer too: one entry
/// with the title "Error".
/// </summary>
internal sealed class ArxivApiShape : IDigestShape
{
    public string Name => "arxiv-api";

    public ContentKind Kinds => ContentKind.Xml;

    public Recognition Recognise(DigestContent content) =>
        content.Feed is { Root: "feed" } head && IsAnswer(head)
            ? Recognition.Of(new ArxivApiAnswer(content), "an Atom feed of arxiv.org/api with totalResults")
            : Recognition.None("an Atom feed of arxiv.org/api");

    private static bool IsAnswer(FeedHead head) =>
        head.IsOf("arxiv.org", "export.arxiv.org")
        && (head.TotalResults is not null || head.Id?.Contains("/api/", StringComparison.Ordinal) == true);
}

/// <summary>The answer, ready to be read.</summary>
internal sealed class ArxivApiAnswer(DigestContent content) : IRecognisedDigest
{
    // What was asked for is of no day.
    public DateOnly? Day(DateOnly retrieved) => null;

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        var feed = new XmlFeed(content, context.Address);
        var (entries, failed, ids) = (0, false, new HashSet<string>(StringComparer.Ordinal));
        foreach (var item in feed.Read())
        {
            if (item.Entry is not { } found)
            {
                // What breaks off may hold what is missing otherwise.
                failed = true;
                yield return item.Problem!;
            }
            else if (IsError(found))
            {
                failed = true;
                yield return item.Report($"arXiv answered with an error: {Excerpt(found.Summary?.Value)}");
            }
            else
            {
                entries++;
                if (PaperIds.Arxiv(found.Id) is { } id)
                    ids.Add(id.Id);
                yield return Paper(found, item, context);
            }
        }

        if (failed)
            yield break;
        if (FeedCounts.Page(feed.Head, entries) is { } count)
            yield return count;
        foreach (var unknown in Asked(feed.Head).Where(id => !ids.Contains(id)))
            yield return new ReportedPlace(
                $"id {unknown}",
                "arXiv has no paper with this id that was asked for",
                unknown
            );
    }

    private static ParsedItem Paper(FeedEntry found, FeedItem item, DigestContext context)
    {
        if (PaperIds.Arxiv(found.Id) is not { } id)
            return item.Report("no paper of arXiv: its id is none");
        if (found.Title is not { } title)
            return item.Report("a paper without a title");
        var published = DigestDates.Read(found.Published);
        var updated = DigestDates.Read(found.Updated);
        return new ParsedEntry(
            context.Entry(ArxivRecord.Source, title.Value) with
            {
                Abstract = found.Summary?.Value,
                Authors = found.Authors,
                Affiliations = found.Affiliations,
                Identifiers = new Identifiers
                {
                    Arxiv = id.Id,
                    Doi = found.Identifiers.Select(PaperIds.Doi).FirstOrDefault(doi => doi is not null),
                },
                PaperVersion = id.Version,
                PublishedAt = published,
                UpdatedAt = updated,
                Versions = Versions(id.Version, published, updated),
                Withdrawn =
                    ArxivRecord.IsWithdrawn(found.Comment) || ArxivRecord.IsWithdrawn(found.Summary?.Value)
                        ? true
                        : null,
                Categories = found.Categories,
                Comments = found.Comment,
                JournalRef = found.JournalRef,
                Links =
                [
                    .. found
                        .Links.Where(l => l.Relation is "alternate" or "related" && FeedAddress.IsWeb(l.Address))
                        .Select(l => new Link { Url = l.Address, Kind = "paper" }),
                ],
                // The first category is the primary one elsewhere.
                Extra =
                    found.PrimaryCategory is { } primary && found.Categories.FirstOrDefault() != primary
                        ? new Dictionary<string, string>(StringComparer.Ordinal) { ["primaryCategory"] = primary }
                        : null,
            }
        );
    }

    // Published is the date of the first version, updated that of this one.
    private static List<PaperVersion> Versions(int? version, DateTimeOffset? published, DateTimeOffset? updated)
    {
        var versions = new List<PaperVersion>();
        if (published is not null)
            versions.Add(new PaperVersion { Version = 1, Date = published });
        if (version > 1 && updated is not null)
            versions.Add(new PaperVersion { Version = version.Value, Date = updated });
        return versions;
    }

    private static bool IsError(FeedEntry entry) =>
        entry.Id?.Contains("/api/errors", StringComparison.Ordinal) == true
        || (entry.Title?.Value.Trim() == "Error" && PaperIds.Arxiv(entry.Id) is null);

    // The title says what was asked for. All papers with these ids are on the page, unless it is one of several or a search
    // among them was asked for.
    private static IEnumerable<string> Asked(FeedHead head)
    {
        var question = Parameters(head.Title?.Value ?? "");
        if (
            question.GetValueOrDefault("search_query") is { Length: > 0 }
            || question.GetValueOrDefault("start") is not (null or "0")
        )
            return [];
        var asked = (question.GetValueOrDefault("id_list") ?? "").Split(
            ',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        if (
            int.TryParse(question.GetValueOrDefault("max_results"), CultureInfo.InvariantCulture, out var most)
            && most < asked.Length
        )
            return [];
        // Also one that is none: nobody will ever bring it.
        return asked.Select(id => PaperIds.Arxiv(id)?.Id ?? id).Distinct(StringComparer.Ordinal);
    }

    private static Dictionary<string, string> Parameters(string title)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var colon = title.IndexOf(": ", StringComparison.Ordinal);
        foreach (var part in (colon < 0 ? "" : title[(colon + 2)..]).Trim().Split('&'))
            if (part.IndexOf('=', StringComparison.Ordinal) is > 0 and var mark)
                parameters.TryAdd(part[..mark], Uri.UnescapeDataString(part[(mark + 1)..]));
        return parameters;
    }

    private static string Excerpt(string? text) => Rejections.Excerpt(Folding.Fold(text ?? ""));
}
