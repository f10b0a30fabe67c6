using PaperPipeline.Contracts;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Enricher;

/// <summary>
/// Finds identifiers that a text mentions and makes links of them. They are never keys of the paper itself: a text
/// mostly names other papers.
/// </summary>
public static class IdentifierFinder
{
    private static readonly string[] DatasetPrefixes = ["10.5281/", "10.6084/", "10.7910/", "10.17632/", "10.5061/"];

    /// <summary>The links, each address once, ordered ordinally by address.</summary>
    public static IReadOnlyList<Link> Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new SortedDictionary<string, Link>(StringComparer.Ordinal);
        for (var i = text.IndexOf("arxiv:", StringComparison.OrdinalIgnoreCase); i >= 0; )
        {
            var start = i + "arxiv:".Length;
            if (start < text.Length && text[start] == ' ')
            {
                start++;
            }

            if (ArxivId.TryRead(text.AsSpan(start), out var id, out _))
            {
                Add("https://arxiv.org/abs/" + id.Id, found);
            }

            i = text.IndexOf("arxiv:", i + 1, StringComparison.OrdinalIgnoreCase);
        }

        for (var i = text.IndexOf("10.", StringComparison.Ordinal); i >= 0; )
        {
            var doi = DoiAt(text, i);
            if (doi is not null)
            {
                Add("https://doi.org/" + doi, found);
            }

            i = text.IndexOf("10.", i + Math.Max(1, doi?.Length ?? 0), StringComparison.Ordinal);
        }

        return [.. found.Values];
    }

    /// <summary>Whether a DOI leads to a data set or a paper, told by who registered it.</summary>
    internal static string KindOfDoi(string doi) =>
        DatasetPrefixes.Any(prefix => doi.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) ? "dataset" : "paper";

    private static void Add(string address, SortedDictionary<string, Link> found)
    {
        if (LinkFinder.Make(address) is { } link)
        {
            found.TryAdd(link.Url, link);
        }
    }

    private static int Digits(string text, int start)
    {
        var end = start;
        while (end < text.Length && end - start < 12 && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end - start;
    }

    private static string? DoiAt(string text, int start)
    {
        // Behind a slash or an equals sign it is part of an address, which is a link already.
        if (start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or '/' or '=' or '-'))
        {
            return null;
        }

        var registrant = Digits(text, start + 3);
        var slash = start + 3 + registrant;
        if (registrant is < 4 or > 9 || slash >= text.Length || text[slash] != '/')
        {
            return null;
        }

        var end = slash + 1;
        while (
            end < text.Length
            && !char.IsWhiteSpace(text[end])
            && text[end] is > ' ' and < '\u007F'
            && text[end] is not ('"' or '<' or '>' or '{' or '}' or '\\' or '$' or '`' or '|' or '^' or ',')
        )
        {
            end++;
        }

        var doi = LinkFinder.Trim(text[start..end]).TrimEnd('/');
        return doi.Length > slash - start + 1 ? doi.ToLowerInvariant() : null;
    }
}
