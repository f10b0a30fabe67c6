using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>What the index already has of the digests of a batch.</summary>
/// <param name="Known">True when it may have something of one of them.</param>
/// <param name="Papers">Papers that hold entries of which the batch is another reading, and that no key may lead to.</param>
/// <param name="Versions">By how many versions of the parser each digest was read.</param>
internal sealed record EarlierReadings(
    bool Known,
    IReadOnlyList<string> Papers,
    IReadOnlyDictionary<string, int> Versions
);

/// <summary>
/// Notes by which versions of the parser digests were read, before any paper of the reading is written. One version reads
/// the same bytes always alike, so only a digest with several versions can have entries whose keys have changed: those
/// are looked up. Whoever writes a reading notes it before and looks at the notes afterwards, so of two readings at once one
/// finds what the other has written.
/// </summary>
/// <remarks>
/// A note is asked for and made by one update, which changes nothing where the note is there already. It is asked for with
/// each batch, because somebody may have deleted the index since.
/// </remarks>
internal sealed class DigestReadings(BulkSender bulk, ElasticsearchSearch search, IndexNames names)
{
    private const int Remembered = 20_000;
    private const int Attempts = 30;

    // Digests whose first papers come from here: the others of them are probably new too.
    private readonly ConcurrentDictionary<string, bool> begun = new(StringComparer.Ordinal);

    // Digests that several versions have read, as far as they came by here.
    private readonly ConcurrentDictionary<string, bool> reread = new(StringComparer.Ordinal);

    private sealed record Note(SortedSet<int> Versions, DocumentVersion? Version);

    /// <summary>Looks at the digests of a batch, and notes how they were read.</summary>
    public async Task<EarlierReadings> LookAsync(IReadOnlyList<Observation> batch, CancellationToken cancellationToken)
    {
        if (begun.Count > Remembered)
            begun.Clear();
        if (reread.Count > Remembered)
            reread.Clear();
        var entries = batch.Select(o => o.Entry).ToList();
        var wanted = entries
            .GroupBy(e => e.Digest, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(e => e.ParserVersion).ToHashSet(), StringComparer.Ordinal);
        var versions = await NoteAsync(wanted, cancellationToken);
        var again = entries.Where(e => versions[e.Digest] > 1).Select(Keys.OfEntry).ToHashSet(StringComparer.Ordinal);
        return new(
            again.Count > 0 || wanted.Keys.Any(d => !begun.ContainsKey(d)),
            again.Count == 0 ? [] : await search.HoldersAsync(again, cancellationToken),
            versions
        );
    }

    /// <summary>True when this process knows that several versions have read the digest.</summary>
    public bool IsReread(string digest) => reread.ContainsKey(digest);

    // How many versions have read each digest, those of the batch included.
    private async Task<Dictionary<string, int>> NoteAsync(
        Dictionary<string, HashSet<int>> wanted,
        CancellationToken cancellationToken
    )
    {
        var noted = new Dictionary<string, int>(StringComparer.Ordinal);
        var open = wanted.ToDictionary(w => w.Key, w => new Note([.. w.Value], null), StringComparer.Ordinal);
        for (var attempt = 0; attempt < Attempts && open.Count > 0; attempt++)
        {
            var digests = open.Keys.ToList();
            using var body = new BulkBody();
            foreach (var (digest, note) in open)
                Add(body, IdOf(digest), note);
            var results = await bulk.SendAsync(names.Write, body, cancellationToken);
            foreach (var (digest, result) in digests.Zip(results))
            {
                if (result.Fate == BulkFate.Conflict)
                {
                    open[digest] = new([.. wanted[digest]], null);
                    continue;
                }
                if (result.Fate != BulkFate.Done)
                    throw result.Trouble();
                var stored = result.Found is { } found ? Read(found) : open[digest].Versions;
                if (!stored.IsSupersetOf(wanted[digest]))
                {
                    open[digest] = new([.. stored, .. wanted[digest]], result.Version);
                    continue;
                }
                if (result.Status == 201)
                    begun.TryAdd(digest, true);
                noted[digest] = stored.Count;
                if (stored.Count > 1)
                    reread.TryAdd(digest, true);
                open.Remove(digest);
            }
        }
        return open.Count == 0
            ? noted
            : throw new StoreUnavailableException(
                "Other writers note readings of the same digests faster than this one can follow. It is tried again."
            )
            {
                MayPass = true,
            };
    }

    private static void Add(BulkBody body, string id, Note note)
    {
        var source = new DigestSource(
            PaperSource.Digest,
            [.. note.Versions.Select(v => v.ToString(CultureInfo.InvariantCulture))]
        );
        if (note.Version is null)
            body.AddQuestion(id, writer => PaperJson.Write(writer, source));
        else
            body.Add(id, note.Version, writer => PaperJson.Write(writer, source));
    }

    /// <summary>The id of a digest's note.</summary>
    public static string IdOf(string digest) => "digest:" + digest;

    /// <summary>The versions that a note names.</summary>
    public static SortedSet<int> Read(JsonElement note) =>
        [
            .. note.GetProperty("readings")
                .EnumerateArray()
                .Select(r => int.Parse(r.GetString()!, CultureInfo.InvariantCulture)),
        ];

    private static SortedSet<int> Read(string note)
    {
        using var json = JsonDocument.Parse(note);
        return Read(json.RootElement);
    }
}
