using System.Text.RegularExpressions;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Newsletters;

/// <summary>A link to a paper.</summary>
/// <param name="Url">The paper's address, the same for all links to it; nothing of the reader is in it.</param>
/// <param name="Identifiers">What the address says of the paper's identity.</param>
/// <param name="Version">The version that it leads to.</param>
internal sealed partial record PaperLink(string Url, Identifiers? Identifiers, int? Version)
{
    // Hosts of papers whose addresses state no identifier, with the path of a paper's page.
    private static readonly (string Host, Regex Path)[] Hosts =
    [
        ("semanticscholar.org", SemanticScholar()),
        ("aclanthology.org", AclAnthology()),
        ("aclweb.org", AclAnthology()),
        ("proceedings.mlr.press", Mlr()),
        ("papers.nips.cc", Neurips()),
        ("papers.neurips.cc", Neurips()),
        ("proceedings.neurips.cc", Neurips()),
        ("openaccess.thecvf.com", OpenAccess()),
        ("jmlr.org", Jmlr()),
        ("ieeexplore.ieee.org", Ieee()),
        ("sciencedirect.com", ScienceDirect()),
        ("nature.com", Nature()),
        ("ojs.aaai.org", Ojs()),
        ("eprint.iacr.org", Iacr()),
        ("pubmed.ncbi.nlm.nih.gov", PubMed()),
        ("ncbi.nlm.nih.gov", Pmc()),
        ("usenix.org", Usenix()),
        ("isca-archive.org", Isca()),
        ("ecva.net", Ecva()),
        ("ijcai.org", Ijcai()),
    ];

    /// <summary>The paper that the link leads to; null where it leads to none.</summary>
    public static PaperLink? Of(string link)
    {
        if (!link.Contains("://", StringComparison.Ordinal))
            return null;
        var target = WrappedLink.Target(link);
        if (Known(target) is { } known)
            return known;
        if (!Uri.TryCreate(target, UriKind.Absolute, out var address) || !IsWeb(address))
            return null;
        foreach (var (host, path) in Hosts)
            if (IsHost(address, host) && path.IsMatch(address.AbsolutePath))
                return new PaperLink(Plain(address), null, null);
        return null;
    }

    /// <summary>A link without what counts clicks or knows the reader; null where it is none of the web.</summary>
    public static string? Public(string link)
    {
        var target = WrappedLink.Target(link);
        if (!Uri.TryCreate(target, UriKind.Absolute, out var address) || !IsWeb(address) || address.UserInfo.Length > 0)
            return null;
        var kept = address
            .Query.TrimStart('?')
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(p => !Tracking().IsMatch(p) && p.Length <= 60);
        var query = string.Join('&', kept);
        return Plain(address) + (query.Length > 0 ? "?" + query : "");
    }

    private static PaperLink? Known(string target)
    {
        if (PaperIds.Arxiv(target) is { } arxiv)
            return new PaperLink(
                "https://arxiv.org/abs/" + arxiv.Id,
                new Identifiers { Arxiv = arxiv.Id },
                arxiv.Version
            );
        if ((PaperIds.Doi(target) ?? DoiIn(target)) is { } doi)
            return new PaperLink("https://doi.org/" + doi, new Identifiers { Doi = doi }, null);
        return PaperIds.Openreview(target) is { } forum
            ? new PaperLink("https://openreview.net/forum?id=" + forum, new Identifiers { Openreview = forum }, null)
            : null;
    }

    // Publishers whose addresses hold the DOI of the paper itself.
    private static string? DoiIn(string target)
    {
        if (!Uri.TryCreate(target, UriKind.Absolute, out var address) || !IsWeb(address))
            return null;
        var path = Uri.UnescapeDataString(address.AbsolutePath);
        if (Publisher().Match(address.Host + path) is not { Success: true } match)
            return null;
        var doi = match.Groups["doi"].Value;
        if (IsHost(address, "biorxiv.org") || IsHost(address, "medrxiv.org"))
            doi = PreprintVersion().Replace(doi, "");
        return PaperIds.Doi(PageSuffix().Replace(doi, ""));
    }

    private static bool IsWeb(Uri address) =>
        address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps;

    private static bool IsHost(Uri address, string host) =>
        address.Host.EndsWith(host, StringComparison.OrdinalIgnoreCase)
        && (address.Host.Length == host.Length || address.Host[^(host.Length + 1)] == '.');

    private static string Plain(Uri address) => $"{address.Scheme}://{address.Authority}{address.AbsolutePath}";

    [GeneratedRegex(
        @"^(?:utm_\w+|ref|source|mc_[ce]id|fbclid|gclid|igshid|mkt_tok|_hs\w*|email|e?mail_?id|uid|user\w*|token|sig|hash|key|s|t|sub\w*|recipient\w*)=",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Tracking();

    [GeneratedRegex(
        @"^(?:[\w.-]*\.)?(?:link\.springer\.com/(?:article|chapter)|dl\.acm\.org/doi|onlinelibrary\.wiley\.com/doi|tandfonline\.com/doi"
            + @"|sagepub\.com/doi|science\.org/doi|pnas\.org/doi|pubs\.acs\.org/doi|pubs\.aip\.org/doi|royalsocietypublishing\.org/doi"
            + @"|annualreviews\.org/doi|(?:bio|med)rxiv\.org/content|journals\.aps\.org/\w+/(?:abstract|pdf)|iopscience\.iop\.org/article"
            + @"|frontiersin\.org/(?:journals/[\w-]+/)?articles|worldscientific\.com/doi|liebertpub\.com/doi|informs\.org/doi|siam\.org/doi)"
            + @"/(?:(?:abs|pdf|full|epdf|pdfdirect|early)/)*(?<doi>10\.[0-9]{4,9}/\S+)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Publisher();

    [GeneratedRegex(@"v[0-9]+(?:\.\S*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex PreprintVersion();

    [GeneratedRegex(
        @"(?:/(?:full|abstract|pdf|meta|html)|\.pdf)+/?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex PageSuffix();

    [GeneratedRegex(
        "^/(?:paper/(?:[^/]+/)?[0-9a-f]{40}|CorpusID:[0-9]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex SemanticScholar();

    [GeneratedRegex(
        @"^/(?:anthology/)?(?:(?:19|20)[0-9]{2}\.[\w-]+\.[0-9]+|[A-Z][0-9]{2}-[0-9]{4})(?:/|\.pdf)?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex AclAnthology();

    [GeneratedRegex(@"^/v[0-9]+/[\w-]+(?:/[\w-]+)?\.(?:html|pdf)$", RegexOptions.CultureInvariant)]
    private static partial Regex Mlr();

    [GeneratedRegex("^/paper(?:_files)?/(?:paper/)?[^/]+/", RegexOptions.CultureInvariant)]
    private static partial Regex Neurips();

    [GeneratedRegex(@"^/content.*\.(?:html|pdf)$", RegexOptions.CultureInvariant)]
    private static partial Regex OpenAccess();

    [GeneratedRegex("^/(?:papers|tmlr/papers)/(?:v[0-9]+|volume[0-9]+|bib)?/?[^/]+", RegexOptions.CultureInvariant)]
    private static partial Regex Jmlr();

    [GeneratedRegex("^/(?:abstract/)?document/[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Ieee();

    [GeneratedRegex("^/science/article/(?:abs/)?pii/", RegexOptions.CultureInvariant)]
    private static partial Regex ScienceDirect();

    [GeneratedRegex("^/articles/s[0-9]{5}-", RegexOptions.CultureInvariant)]
    private static partial Regex Nature();

    [GeneratedRegex("/article/view/[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Ojs();

    [GeneratedRegex("^/[0-9]{4}/[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Iacr();

    [GeneratedRegex("^/[0-9]+/?$", RegexOptions.CultureInvariant)]
    private static partial Regex PubMed();

    [GeneratedRegex("^/pmc/articles/PMC[0-9]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pmc();

    [GeneratedRegex("^/conference/[^/]+/presentation/", RegexOptions.CultureInvariant)]
    private static partial Regex Usenix();

    [GeneratedRegex(
        @"^/[\w-]+/[\w-]+_(?:interspeech|icslp|eurospeech|[a-z]+)\.(?:html|pdf)$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Isca();

    [GeneratedRegex("^/papers/eccv", RegexOptions.CultureInvariant)]
    private static partial Regex Ecva();

    [GeneratedRegex("^/proceedings/[0-9]{4}/[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Ijcai();
}
