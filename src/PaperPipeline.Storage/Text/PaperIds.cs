using System.Buffers;
using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Text;

/// <summary>Identifiers of papers in what sources state: ids, DOIs and addresses.</summary>
public static class PaperIds
{
    private const string ArxivDoi = "10.48550/arxiv.";
    private static readonly SearchValues<char> DoiEnd = SearchValues.Create(" \t\r\n\",;<>");
    private static readonly SearchValues<char> Registrant = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> ForumId = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
    );

    /// <summary>
    /// The identifiers that the values together state for one paper; the first of each kind counts. Values that are no
    /// identifier are passed over. A DOI of arXiv's is an arXiv id. Null when none is there.
    /// </summary>
    public static Identifiers? Of(params ReadOnlySpan<string?> values)
    {
        string? arxiv = null,
            doi = null,
            openreview = null;
        foreach (var value in values)
        {
            if (Arxiv(value) is { } id)
                arxiv ??= id.Id;
            else if (Doi(value) is { } other)
                doi ??= other;
            else if (Openreview(value) is { } forum)
                openreview ??= forum;
        }

        return arxiv is null && doi is null && openreview is null
            ? null
            : new Identifiers
            {
                Arxiv = arxiv,
                Doi = doi,
                Openreview = openreview,
            };
    }

    /// <summary>The arXiv id of an id, a DOI of arXiv's or an address of the paper at arXiv or where papers go by that id.</summary>
    public static ArxivId? Arxiv(string? value)
    {
        if (value is null)
            return null;
        if (ArxivId.TryParse(value, out var id))
            return id;
        if (AddressOf(value) is not { } address)
            return null;
        var path = Uri.UnescapeDataString(address.AbsolutePath).TrimEnd('/');
        if (IsHost(address, "doi.org"))
            return
                path.StartsWith("/" + ArxivDoi, StringComparison.OrdinalIgnoreCase)
                && ArxivId.TryParse(path[1..], out id)
                ? id
                : null;
        var start =
            IsHost(address, "arxiv.org") || IsHost(address, "alphaxiv.org") || IsHost(address, "ar5iv.org")
                ? After(path, "/abs/", "/pdf/", "/html/", "/format/", "/ps/", "/e-print/", "/src/", "/overview/")
            : IsHost(address, "huggingface.co") || IsHost(address, "hf.co") ? After(path, "/papers/")
            : -1;
        if (start < 0)
            return null;
        var rest = path[start..];
        foreach (var extension in (ReadOnlySpan<string>)[".pdf", ".md", ".ps", ".gz"])
            if (rest.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
                rest = rest[..^extension.Length];
        return ArxivId.TryParse(rest, out id) ? id : null;
    }

    /// <summary>The DOI of a DOI, plain, behind <c>doi:</c> or as an address; in lower case. Null where it is none.</summary>
    public static string? Doi(string? value)
    {
        if (value is null)
            return null;
        var text = value.Trim();
        if (text.StartsWith("doi:", StringComparison.OrdinalIgnoreCase))
            text = text[4..].TrimStart();
        if (AddressOf(text) is { } address)
        {
            if (!IsHost(address, "doi.org"))
                return null;
            text = Uri.UnescapeDataString(address.AbsolutePath).TrimStart('/');
        }

        if (!text.StartsWith("10.", StringComparison.Ordinal))
            return null;
        var end = text.AsSpan().IndexOfAny(DoiEnd);
        if (end >= 0)
            text = text[..end];
        text = text.TrimEnd('.', '/').ToLowerInvariant();
        if (text.EndsWith(')') && !text.Contains('(', StringComparison.Ordinal))
            text = text.TrimEnd(')', '.');
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return
            slash is >= 7 and <= 20
            && slash < text.Length - 1
            && text.Length <= 1024
            && !text.AsSpan(3, slash - 3).ContainsAnyExcept(Registrant)
            && !text.Any(char.IsControl)
            && !text.StartsWith(ArxivDoi, StringComparison.Ordinal)
            ? text
            : null;
    }

    /// <summary>The forum id of an address at OpenReview.</summary>
    public static string? Openreview(string? value)
    {
        if (AddressOf(value) is not { } address || !IsHost(address, "openreview.net"))
            return null;
        if (address.AbsolutePath.TrimEnd('/') is not ("/forum" or "/pdf"))
            return null;
        foreach (var part in address.Query.TrimStart('?').Split('&'))
            if (
                part.StartsWith("id=", StringComparison.Ordinal)
                && part.Length is > 5 and < 43
                && part.AsSpan(3).IndexOfAnyExcept(ForumId) < 0
            )
                return part[3..];
        return null;
    }

    private static Uri? AddressOf(string? value) =>
        value is not null
        && value.Length <= 4096
        && value.Contains("://", StringComparison.Ordinal)
        && Uri.TryCreate(value.Trim(), UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? address
            : null;

    private static bool IsHost(Uri address, string host) =>
        address.Host.EndsWith(host, StringComparison.OrdinalIgnoreCase)
        && (address.Host.Length == host.Length || address.Host[^(host.Length + 1)] == '.');

    private static int After(string path, params ReadOnlySpan<string> beginnings)
    {
        foreach (var beginning in beginnings)
            if (path.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
                return beginning.Length;
        return -1;
    }
}
