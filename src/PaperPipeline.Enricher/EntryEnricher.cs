using PaperPipeline.Contracts;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Enricher;

/// <summary>Computes what follows from one entry alone; each enricher fails on its own.</summary>
public sealed class EntryEnricher
{
    /// <summary>Version of the enrichers together; raised whenever one of them gives other results.</summary>
    public const int Version = 2;

    private readonly Func<string, string> clean;
    private readonly Func<string, string?> name;
    private readonly Func<string, IEnumerable<Link>> links;
    private readonly Func<string, IEnumerable<Link>> identifiers;

    public EntryEnricher()
        : this(CleanText.Clean, NameFinder.Find, LinkFinder.Find, IdentifierFinder.Find) { }

    internal EntryEnricher(
        Func<string, string> clean,
        Func<string, string?> name,
        Func<string, IEnumerable<Link>> links,
        Func<string, IEnumerable<Link>> identifiers
    )
    {
        this.clean = clean;
        this.name = name;
        this.links = links;
        this.identifiers = identifiers;
    }

    /// <summary>What the enrichers make of the entry; a function of the entry and <see cref="Version"/>.</summary>
    public Enrichment Enrich(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var missing = new List<string>();
        var (title, summary) = Try(
            "clean-text",
            () => (clean(entry.Title), entry.Abstract is null ? null : clean(entry.Abstract)),
            (entry.Title, entry.Abstract),
            missing
        );
        var text = entry.Abstract is null ? entry.Title : entry.Title + "\n" + entry.Abstract;
        var found = new SortedDictionary<string, Link>(StringComparer.Ordinal);
        var named = Try("name", () => name(title), null, missing);
        Add(Try<IReadOnlyList<Link>>("links", () => [.. links(text)], [], missing), found);
        Add(Try<IReadOnlyList<Link>>("identifiers", () => [.. identifiers(text)], [], missing), found);
        missing.Sort(StringComparer.Ordinal);
        var isClean = title == entry.Title && summary == entry.Abstract;
        return new Enrichment
        {
            Version = Version,
            Title = isClean ? null : title,
            Abstract = isClean ? null : summary,
            Name = named,
            Links = found.Count == 0 ? null : [.. found.Values],
            Missing = missing.Count == 0 ? null : missing,
        };
    }

    private static void Add(IReadOnlyList<Link> links, SortedDictionary<string, Link> found)
    {
        foreach (var link in links)
        {
            found.TryAdd(link.Url, link);
        }
    }

    private static T Try<T>(string enricher, Func<T> compute, T otherwise, List<string> missing)
    {
        try
        {
            return compute();
        }
        catch (Exception)
        {
            // The entry goes on without this part; which one is missing is part of the result.
            missing.Add(enricher);
            return otherwise;
        }
    }
}
