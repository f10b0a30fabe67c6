using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser;

/// <summary>
/// How often a digest names the same paper, by its strongest id, or without one by its title. All entries of a paper are
/// written together, so one that is named without end would be written without end.
/// </summary>
/// <param name="most">How often a paper may be named.</param>
internal sealed class NamedAgain(int most)
{
    // Ids and titles share counters by their hash: so few do that it makes no difference, and memory does not grow.
    // The hash is stable, because two readings of a digest must say the same.
    private readonly ushort[] counters = new ushort[1 << 15];

    /// <summary>Counts the entry; gives what it has in common with too many others before it, or null.</summary>
    public string? Exceeds(Entry entry)
    {
        if (IdOf(entry) is { } id)
            return IsMore(StableHash.Add(StableHash.Start, id)) ? id : null;
        return
            IsMore(OfTitle(entry.Title, out var letters))
            && letters >= Keys.ShortTitle
            && !RecurringTitles.Is(Storage.Text.Folding.Tokens(entry.Title))
            ? "its title"
            : null;
    }

    // Papers with ids of their own may share a title, or a weaker id that somebody has copied.
    private static string? IdOf(Entry entry) =>
        entry.Identifiers switch
        {
            { Arxiv: { } arxiv } => "arxiv:" + arxiv,
            { Doi: { } doi } => "doi:" + doi,
            { Openreview: { } openreview } => "openreview:" + openreview,
            _ => entry.OwnId is { } own ? "own:" + own : null,
        };

    private bool IsMore(uint hash)
    {
        ref var counter = ref counters[(hash ^ (hash >> 16)) % (uint)counters.Length];
        if (counter < ushort.MaxValue)
            counter++;
        return counter > most;
    }

    // About what makes a title the same title, at a fraction of its cost.
    private static uint OfTitle(string title, out int letters)
    {
        (var hash, letters) = (StableHash.Add(StableHash.Start, "title:"), 0);
        foreach (var c in title)
            if (char.IsLetterOrDigit(c))
            {
                hash = StableHash.Add(hash, char.ToLowerInvariant(c));
                letters++;
            }
        return hash;
    }
}
