using PaperPipeline.Contracts;
using PaperPipeline.Fetcher;
using PaperPipeline.Parser;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>What there is to replay.</summary>
/// <param name="Digests">The digests, in the order of their retrieval.</param>
/// <param name="Deleted">Digests that are meant too, and whose bytes were deleted on purpose.</param>
/// <param name="Damaged">Digests that are meant too, and whose bytes are lost or damaged.</param>
internal sealed record ReplayChoice(List<DigestFetched> Digests, List<string> Deleted, List<string> Damaged)
{
    /// <summary>What cannot be replayed and why, a line each.</summary>
    public IEnumerable<string> Lines()
    {
        if (Deleted.Count > 0)
            yield return $"{IngestReport.Count(Deleted.Count, "digest")} not replayed, for the bytes were pruned ({Names(Deleted)}). What is in the index stays.";
        if (Damaged.Count > 0)
            yield return $"{IngestReport.Count(Damaged.Count, "digest")} not replayed, for the archived bytes are lost or damaged ({Names(Damaged)}): ingest them once more.";
    }

    private static string Names(List<string> digests) =>
        string.Join(", ", digests.Take(10).Select(d => d[..12]))
        + (digests.Count > 10 ? $" and {digests.Count - 10} more" : "");
}

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

    /// <summary>
    /// The digests, in the order of their retrieval, and those whose bytes are gone or damaged: reading these would tell other
    /// papers than were announced.
    /// </summary>
    /// <param name="archive">The archive.</param>
    /// <param name="store">The index; null when nothing was written to it yet.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="UsageException">A digest, a paper or a source that was named is not known.</exception>
    public async Task<ReplayChoice> ChooseAsync(
        DigestArchive archive,
        IPaperStore? store,
        CancellationToken cancellationToken
    )
    {
        var archived = archive.Digests().ToHashSet(StringComparer.Ordinal);
        var chosen = Named(archived);
        if (Paper is { } paper)
            chosen.IntersectWith(await AnnouncingAsync(store, paper, cancellationToken));
        var ledger = store is null
            ? []
            : (await store.ListAsync(cancellationToken)).ToDictionary(s => s.Digest, StringComparer.Ordinal);
        if (IsIncomplete)
            chosen.RemoveWhere(digest => ledger.GetValueOrDefault(digest) is { IsSettled: true });
        var reader = new DigestReader(archive, new DigestParser(), TimeProvider.System);
        var choice = new ReplayChoice([], [], []);
        foreach (
            var retrieval in chosen
                .Select(archive.Find)
                .OfType<Retrieval>()
                .Where(r => Matches(r, ledger.GetValueOrDefault(r.First.Digest), reader))
                .OrderBy(r => r.First.RetrievedAt)
                .ThenBy(r => r.First.Digest, StringComparer.Ordinal)
        )
        {
            var digest = retrieval.First.Digest;
            if (archive.IsDeleted(digest))
                choice.Deleted.Add(digest);
            else if (await archive.IsSoundAsync(digest, cancellationToken))
                choice.Digests.Add(DigestFetcher.Announce(retrieval));
            else
                choice.Damaged.Add(digest);
        }
        if (Source is not null && choice is { Digests: [], Deleted: [], Damaged: [] } && !IsKnown())
            throw new UsageException(
                $"The archive holds no digest of '{Source}': name a shape, a source or an address as `paperpipeline status` lists them."
            );
        return choice;

        bool IsKnown() =>
            archived
                .Select(archive.Find)
                .OfType<Retrieval>()
                .Any(r => IsOfSource(r, Read(r, ledger.GetValueOrDefault(r.First.Digest), reader).Shape));
    }

    private HashSet<string> Named(HashSet<string> archived)
    {
        if (Digests is null)
            return [.. archived];
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

    private bool Matches(Retrieval retrieval, DigestStatus? status, DigestReader reader)
    {
        if (Source is null && Day is null)
            return true;
        var (shape, day) = Read(retrieval, status, reader);
        return (Day is null || Day == day) && IsOfSource(retrieval, shape);
    }

    private bool IsOfSource(Retrieval retrieval, string? shape) =>
        Source is null
        || Source == retrieval.First.Source
        || Source == retrieval.First.Name
        || (shape is not null && (shape == Source || shape.StartsWith(Source + "-", StringComparison.Ordinal)));

    // What the ledger does not know any more, the digest itself says.
    private static (string? Shape, DateOnly? Day) Read(Retrieval retrieval, DigestStatus? status, DigestReader reader)
    {
        if (status?.Shape is { } known)
            return (known, status.Day);
        try
        {
            var parsed = reader.Open(retrieval.First.Digest).Parsed;
            return (parsed.Shape, parsed.Day);
        }
        catch (Exception unreadable) when (unreadable is UnreadableDigestException or IOException)
        {
            return (null, retrieval.StatedDay);
        }
    }
}
