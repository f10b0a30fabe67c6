using System.Globalization;
using PaperPipeline.Contracts;
using PaperPipeline.Parser.Content;
using PaperPipeline.Parser.Feeds;

namespace PaperPipeline.Parser.Catalogues;

/// <summary>What the answers of catalogues have in common.</summary>
internal static class Members
{
    /// <summary>A number beside the list; null where there is none.</summary>
    public static long? Number(JsonElements elements, string path) =>
        long.TryParse(
            elements.Members.GetValueOrDefault(path),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;

    /// <summary>A number as it is kept.</summary>
    public static string? Number(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    /// <summary>Keeps a value where there is one.</summary>
    public static void Keep(Dictionary<string, string> extra, string name, string? value)
    {
        if (value is not null)
            extra[name] = value;
    }

    /// <summary>Addresses of the paper, each once.</summary>
    public static List<Link> Links(params ReadOnlySpan<string?> addresses)
    {
        var links = new List<Link>();
        foreach (var address in addresses)
            if (FeedAddress.IsWeb(address) && !links.Exists(l => l.Url == address!.Trim()))
                links.Add(new Link { Url = address!.Trim(), Kind = "paper" });
        return links;
    }

    /// <summary>A journal with volume, issue and pages, as "Mind 59(236), 433-460".</summary>
    public static string Journal(string name, string? volume, string? issue, string? pages) =>
        name
        + (volume is null ? "" : " " + volume)
        + (issue is null ? "" : $"({issue})")
        + (pages is null ? "" : ", " + Folding.Fold(pages));

    /// <summary>Reports a count that differs from what is declared.</summary>
    public static ReportedPlace Place(FormattableString reason) =>
        new("declared count", reason.ToString(CultureInfo.InvariantCulture), "");
}
