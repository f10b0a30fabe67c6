using System.Buffers;
using System.Text;
using PaperPipeline.Contracts;

namespace PaperPipeline.Enricher;

/// <summary>Finds addresses in a text and says what kind of thing each one leads to.</summary>
public static class LinkFinder
{
    private const int MaxLength = 2048;

    // A label of a host name has at most 63 characters.
    private const int LongestLabel = 64;

    private static readonly string[] Schemes = ["https://", "http://"];

    private static readonly string[] Hosts =
    [
        "www.",
        "github.com/",
        "gist.github.com/",
        "gitlab.com/",
        "bitbucket.org/",
        "codeberg.org/",
        "huggingface.co/",
        "sites.google.com/",
        "zenodo.org/",
        "kaggle.com/",
        "youtube.com/",
        "youtu.be/",
        "vimeo.com/",
        "doi.org/",
        "arxiv.org/",
        "openreview.net/",
    ];

    private static readonly string[] Pages = [".github.io", ".gitlab.io"];

    // No address is without one of them; looking for all at once is quick.
    private static readonly SearchValues<string> Signs = SearchValues.Create(
        [.. Schemes, .. Hosts, .. Pages],
        StringComparison.OrdinalIgnoreCase
    );

    /// <summary>The links of the text, each address once, ordered ordinally by address.</summary>
    public static IReadOnlyList<Link> Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sign = text.AsSpan().IndexOfAny(Signs);
        if (sign < 0)
        {
            return [];
        }

        var found = new SortedDictionary<string, Link>(StringComparer.Ordinal);
        var i = 0;
        while (i < text.Length)
        {
            if (i > sign)
            {
                var next = text.AsSpan(i).IndexOfAny(Signs);
                if (next < 0)
                {
                    break;
                }

                sign = i + next;
            }

            // Before a sign there is at most a label that belongs to it.
            i = Math.Max(i, sign - LongestLabel);
            var prefix = PrefixAt(text, i, out var scheme);
            if (prefix == 0)
            {
                i++;
                continue;
            }

            var address = Read(text, i, out var end);
            if (Make(scheme ? address : "https://" + address) is { } link)
            {
                found.TryAdd(link.Url, link);
            }

            i = Math.Max(end, i + prefix);
        }

        return [.. found.Values];
    }

    /// <summary>The kind of what an absolute address leads to.</summary>
    public static string KindOf(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var host = address.Host.StartsWith("www.", StringComparison.OrdinalIgnoreCase)
            ? address.Host[4..]
            : address.Host;
        var path = address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var first = path.Length > 0 ? path[0] : "";
        if (Is(host, "huggingface.co"))
        {
            return first switch
            {
                "datasets" => "dataset",
                "spaces" => "demo",
                "papers" => "paper",
                "docs" or "blog" or "collections" or "learn" or "models" => "project",
                _ => path.Length > 1 ? "model" : "project",
            };
        }

        if (Is(host, "doi.org"))
        {
            return IdentifierFinder.KindOfDoi(address.AbsolutePath.TrimStart('/'));
        }

        if (
            Is(host, "github.com")
            || Is(host, "bitbucket.org")
            || Is(host, "codeberg.org")
            || host.StartsWith("gitlab.", StringComparison.Ordinal)
        )
        {
            return "code";
        }

        if (Is(host, "zenodo.org") || (Is(host, "kaggle.com") && first is "datasets"))
        {
            return "dataset";
        }

        if (Is(host, "arxiv.org") || Is(host, "openreview.net"))
        {
            return "paper";
        }

        return Is(host, "youtube.com") || Is(host, "youtu.be") || Is(host, "vimeo.com") ? "video" : "project";
    }

    /// <summary>The link for an address, or null when it is no valid one.</summary>
    internal static Link? Make(string address)
    {
        if (
            address.Length > MaxLength
            || !Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || !uri.Host.Contains('.', StringComparison.Ordinal)
        )
        {
            return null;
        }

        return new Link { Url = address, Kind = KindOf(uri) };
    }

    /// <summary>Removes punctuation that belongs to the sentence rather than to the address.</summary>
    internal static string Trim(string address)
    {
        var opens = address.Count(c => c == '(');
        var closes = address.Count(c => c == ')');
        var end = address.Length;
        while (end > 0)
        {
            var c = address[end - 1];
            if (c == ')' && closes > opens)
            {
                closes--;
            }
            else if (c is not ('.' or ',' or ';' or ':' or '!' or '?' or '\'' or '’' or '*' or ']' or '[' or '('))
            {
                break;
            }
            else if (c == '(')
            {
                opens--;
            }

            end--;
        }

        return address[..end];
    }

    private static bool Is(string host, string name) =>
        host.EndsWith(name, StringComparison.OrdinalIgnoreCase)
        && (host.Length == name.Length || host[^(name.Length + 1)] == '.');

    private static int PrefixAt(string text, int i, out bool scheme)
    {
        scheme = false;
        if (
            !char.IsAsciiLetterOrDigit(text[i])
            || (i > 0 && (char.IsAsciiLetterOrDigit(text[i - 1]) || text[i - 1] is '.' or '-' or '@' or '/'))
        )
        {
            return 0;
        }

        foreach (var start in Schemes)
        {
            if (At(text, i, start))
            {
                scheme = true;
                return start.Length;
            }
        }

        foreach (var start in Hosts)
        {
            if (
                At(text, i, start)
                && i + start.Length < text.Length
                && char.IsAsciiLetterOrDigit(text[i + start.Length])
            )
            {
                return start.Length;
            }
        }

        var end = i;
        while (
            end < text.Length && end - i < LongestLabel && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '-')
        )
        {
            end++;
        }

        return Pages.Any(page => At(text, end, page)) ? end - i + Pages[0].Length : 0;
    }

    private static bool At(string text, int i, string start) =>
        string.Compare(text, i, start, 0, start.Length, StringComparison.OrdinalIgnoreCase) == 0;

    private static string Read(string text, int i, out int end)
    {
        var address = new StringBuilder();
        for (end = i; end < text.Length; end++)
        {
            var c = text[end];
            if (c == '\\' && end + 1 < text.Length && text[end + 1] is '_' or '%' or '#' or '&' or '~')
            {
                continue;
            }

            if (
                char.IsWhiteSpace(c)
                || char.IsControl(c)
                || char.IsSurrogate(c)
                || c is '"' or '<' or '>' or '\\' or '{' or '}' or '|' or '^' or '`' or '$' or '“' or '”' or '\uFFFD'
            )
            {
                break;
            }

            address.Append(c);
        }

        return Trim(address.ToString());
    }
}
