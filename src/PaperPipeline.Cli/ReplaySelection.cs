using PaperPipeline.Contracts;
using PaperPipeline.Fetcher;
using PaperPipeline.Parser;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>Which archived digests are meant; what is not given does not matter.</summary>
internal sealed record ReplaySelection
{
    public string? Source { get; init; }

    public DateOnly? Day { get; init; }

    public IReadOnlyList<string>? Digests { get; init; }

    public string? Paper { get; init; }

    public bool IsIncomplete { get; init; }

    /// <summary>The same text for the same selection.</summary>
    public string Name => $"{Source}\n{Day:yyyy-MM-dd}\n{string.Join(' ', Digests ?? [])}\n{Paper}\n{IsIncomplete}";

    /// <summary>The digests, in the order of their retrieval.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="store">The index; null when nothing was written to it yet.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="UsageException">A digest or a paper that was named is not known.</exception>
    public async Task<IReadOnlyList<DigestFetched>> ChooseAsync(
        DigestArchive archive,
        IPaperStore? store,
        CancellationToken cancellationToken
    )
    {
        var archived = archive.Digests().Where(archive.Holds).ToHashSet(StringComparer.Ordinal);
        var chosen = Named(archived);
        if (Paper is { } paper)
            chosen.IntersectWith(await AnnouncingAsync(store, paper, cancellationToken));
        var ledger = store is null
            ? []
            : (await store.ListAsync(cancellationToken)).ToDictionary(s => s.Digest, StringComparer.Ordinal);
        if (IsIncomplete)
            chosen.RemoveWhere(digest => ledger.GetValueOrDefault(digest) is { IsSettled: true });
        var reader = new DigestReader(archive, new DigestParser(), TimeProvider.System);
        return
        [
            .. chosen
                .Select(archive.Find)
                .OfType<Retrieval>()
                .Where(r => Matches(r, ledger.GetValueOrDefault(r.First.Digest), reader))
                .OrderBy(r => r.First.RetrievedAt)
                .ThenBy(r => r.First.Digest, StringComparer.Ordinal)
                .Select(DigestFetcher.Announce),
        ];
    }

    private HashSet<string> Named(HashSet<string> archived)
    {
        if (Digests is null)
            return archived;
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var beginning in Digests)
        {
            var found = archived.Where(d => d.StartsWith(beginning, StringComparison.Ordinal)).ToList();
            named.Add(
                found switch
                {
                    [var one] => one,
                    [] => throw new UsageException(
                        $"The archive holds no digest {beginning}: see `paperpipeline status`."
                    ),
                    _ => throw new UsageException($"{beginning} is the beginning of several digests: give more of it."),
                }
            );
        }
        return named;
    }

    private static async Task<IEnumerable<string>> AnnouncingAsync(
        IPaperStore? store,
        string paper,
        CancellationToken cancellationToken
    )
    {
        var found = store is null ? [] : await store.FindByTextAsync(paper, cancellationToken);
        if (found.Count == 0)
            throw new UsageException($"No paper is known as '{paper}': `paperpipeline search` finds papers by words.");
        return found.SelectMany(p => p.Observations).Select(o => o.Entry.Digest);
    }

    // What the ledger does not know any more, the digest itself says.
    private bool Matches(Retrieval retrieval, DigestStatus? status, DigestReader reader)
    {
        if (Source is null && Day is null)
            return true;
        var (shape, day) = (status?.Shape, status?.Day);
        if (shape is null)
            try
            {
                var parsed = reader.Open(retrieval.First.Digest).Parsed;
                (shape, day) = (parsed.Shape, parsed.Day);
            }
            catch (Exception unreadable) when (unreadable is UnreadableDigestException or IOException)
            {
                day = retrieval.StatedDay;
            }
        return (Day is null || Day == day)
            && (
                Source is null
                || Source == retrieval.First.Source
                || Source == retrieval.First.Name
                || (shape is not null && (shape == Source || shape.StartsWith(Source + "-", StringComparison.Ordinal)))
            );
    }
}
