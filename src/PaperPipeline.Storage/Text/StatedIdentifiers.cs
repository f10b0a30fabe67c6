using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Text;

/// <summary>Identifiers as an entry states them, which may be of an older parser or another program.</summary>
public static class StatedIdentifiers
{
    /// <summary>
    /// The identifiers in normal form, however they were written; null when there is none. What arXiv registers as a DOI for a
    /// paper of its own is that paper's arXiv id.
    /// </summary>
    public static Identifiers? Normal(Identifiers? stated)
    {
        if (stated is null)
            return null;
        var arxiv = Bare(stated.Arxiv) is { } id ? PaperIds.Arxiv(id)?.Id ?? id : null;
        var doi = Bare(stated.Doi) is { } name ? PaperIds.Doi(name) ?? name.ToLowerInvariant() : null;
        var openreview = Bare(stated.Openreview) is { } forum ? PaperIds.Openreview(forum) ?? forum : null;
        if (PaperIds.Arxiv(doi) is { } registered && (arxiv ?? registered.Id) == registered.Id)
            (arxiv, doi) = (registered.Id, null);
        return arxiv is null && doi is null && openreview is null
            ? null
            : new Identifiers
            {
                Arxiv = arxiv,
                Doi = doi,
                Openreview = openreview,
            };
    }

    private static string? Bare(string? text) => text?.Trim() is { Length: > 0 } bare ? bare : null;
}
