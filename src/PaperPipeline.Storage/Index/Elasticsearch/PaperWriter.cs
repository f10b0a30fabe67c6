using System.Text.Json;
using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>
/// Writes observations by optimistic concurrency: read the component, resolve, write the difference under the condition
/// that nobody wrote meanwhile, and look once more at what the result rests on. Several writers at once converge to the
/// same documents.
/// </summary>
internal sealed class PaperWriter(
    PaperRecords records,
    DigestReadings readings,
    StandingRulings standing,
    BulkSender bulk,
    IndexNames names,
    Func<CancellationToken, Task<bool>> restoreIndex,
    TimeProvider clock
)
{
    private const int Attempts = 30;
    private const int MostExpected = 8 * 1024 * 1024;
    private static readonly IReadOnlyDictionary<string, PaperRecord> Nothing = new Dictionary<string, PaperRecord>(
        StringComparer.Ordinal
    );
    private volatile bool expectKnown;
    private long certainUpTo;

    // Bytes of a document, by the bulk before.
    private volatile int usual = 4096;

    /// <summary>Writes the batch, and whatever else the rulings change of the papers that it or the seeds lead to.</summary>
    /// <param name="batch">The observations.</param>
    /// <param name="seeds">Keys whose papers are looked at too.</param>
    /// <param name="digests">Digests besides those of the batch whose newest reading counts.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(
        IReadOnlyList<Observation> batch,
        IReadOnlyList<string> seeds,
        IReadOnlyList<string> digests,
        CancellationToken cancellationToken
    )
    {
        var seen = await readings.LookAsync(batch, cancellationToken);
        string[] own = [.. batch.Select(o => o.Entry.Digest).Distinct(StringComparer.Ordinal)];
        var refusals = new Dictionary<string, BulkResult>(StringComparer.Ordinal);
        // An attempt that fails has written some of its plan: the next one looks at all of that again.
        var looked = seeds.ToHashSet(StringComparer.Ordinal);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // Papers of a new digest are mostly new: they are created without reading, and a conflict tells otherwise.
            var blind = attempt == 0 && !seen.Known && !expectKnown && seeds.Count == 0;
            if (!blind)
                await MakeCertainAsync(cancellationToken);
            var known = blind
                ? Nothing
                : await records.ComponentAsync(
                    batch,
                    [.. seen.Papers, .. looked],
                    standing.For(own),
                    cancellationToken
                );
            // What others have let go of, because a newer reading of its digest lacks it, does not come back from here.
            IReadOnlyList<Observation> all = [.. batch, .. known.Values.SelectMany(r => r.Observations)];
            string[] ruled = [.. all.Select(o => o.Entry.Digest).Concat(digests).Distinct(StringComparer.Ordinal)];
            var rulings = standing.For(ruled);
            var plan = WritePlan.Of(known, batch, rulings, refusals.Keys.ToHashSet(StringComparer.Ordinal));
            var written = await ExecuteAsync(plan, known, refusals, blind, cancellationToken);
            if (!blind && batch.Count > 0)
                expectKnown &= plan.Gains.Count * 2 < batch.Count;
            if (written)
            {
                // Who changes the rulings looks for papers afterwards; who writes papers looks for rulings afterwards. So one
                // of the two sees the other.
                var (now, versions) = await standing.RefreshAsync(ruled, own, cancellationToken);
                written = now.AreSameFor(all, rulings);
                if (own.Zip(versions).Any(noted => noted.Second > seen.Versions[noted.First]))
                    (seen, written) = (await readings.LookAsync(batch, cancellationToken), false);
            }
            if (written)
                return
                [
                    .. batch
                        .Select(plan.PaperOf)
                        .Select(id =>
                            id is not null && refusals.TryGetValue(id, out var why)
                                ? new WriteOutcome(null, why.Refusal)
                                : new(id, null)
                        ),
                ];
            looked.UnionWith(plan.All.Select(write => write.Known.Key));
            if (attempt > 0)
                await Task.Delay(
                    TimeSpan.FromMilliseconds(Random.Shared.Next(5, 20 * attempt)),
                    clock,
                    cancellationToken
                );
        }
        throw new StoreUnavailableException(
            "Other writers change the same papers faster than this one can follow. It is tried again."
        )
        {
            MayPass = true,
        };
    }

    // False when somebody else wrote meanwhile.
    private async Task<bool> ExecuteAsync(
        WritePlan plan,
        IReadOnlyDictionary<string, PaperRecord> known,
        Dictionary<string, BulkResult> refusals,
        bool blind,
        CancellationToken cancellationToken
    )
    {
        var versions = known.Values.ToDictionary(r => r.Key, r => r.Version, StringComparer.Ordinal);
        var refusedBefore = refusals.Count;
        var conflicts = await SendAsync(plan.Leads, versions, refusals, cancellationToken);
        if (conflicts == 0)
            conflicts = await SendAsync(plan.Gains, versions, refusals, cancellationToken);
        if (blind)
            expectKnown = conflicts * 5 > plan.Gains.Count;
        if (conflicts > 0)
            return false;
        // A paper that was refused did not take what others would let go of: plan again without it.
        if (refusals.Count > refusedBefore)
        {
            if (await restoreIndex(cancellationToken))
                refusals.Clear();
            else if (refusals.Values.Any(r => r.MayBeOfIndex))
                await ProveAsync(cancellationToken);
            return false;
        }
        foreach (var writes in new[] { plan.Losses, plan.Removals })
            if (await SendAsync(writes, versions, refusals, cancellationToken) > 0)
                return false;
        if (plan.Relied.Count == 0)
            return true;
        var relied = plan.Relied.ToArray();
        var now = await records.VersionsAsync(relied, cancellationToken);
        return relied.Zip(now).All(pair => versions.GetValueOrDefault(pair.First) == pair.Second);
    }

    // What is found may be what a write of unknown fate has left, and not be durable: on a full disk a server shows documents
    // that it loses again. It tries a write again by itself, too, which then conflicts with its own traces. After a write
    // that is durable only what is durable is found.
    private async Task MakeCertainAsync(CancellationToken cancellationToken)
    {
        var now = bulk.Uncertainties;
        var certain = Interlocked.Read(ref certainUpTo);
        if (now <= certain)
            return;
        await ProveAsync(cancellationToken);
        Interlocked.CompareExchange(ref certainUpTo, now, certain);
    }

    // What is refused because of the index and not because of the document, such as for want of a pipeline, looks no
    // different. So the index must take the simplest document there is: that pointer to nothing is harmless.
    private async Task ProveAsync(CancellationToken cancellationToken)
    {
        using var body = new BulkBody();
        body.Replace("proof", writer => PaperJson.Write(writer, new PointerSource(PaperSource.Pointer, [])));
        var proof = (await bulk.SendAsync(names.Write, body, cancellationToken))[0];
        if (proof.Fate == BulkFate.Refused)
            throw proof.Trouble();
    }

    private async Task<int> SendAsync(
        List<RecordWrite> writes,
        Dictionary<string, DocumentVersion?> versions,
        Dictionary<string, BulkResult> refusals,
        CancellationToken cancellationToken
    )
    {
        if (writes.Count == 0)
            return 0;
        // A little more than the bulk before would have needed: a buffer that is too small is copied to one twice as large.
        using var body = new BulkBody((int)Math.Min((long)writes.Count * usual * 9 / 8, MostExpected));
        foreach (var write in writes)
        {
            var key = write.Known.Key;
            body.Add(PaperRecord.DocumentId(key), versions.GetValueOrDefault(key), writer => Write(writer, write));
        }
        usual = body.Length / writes.Count + 1;
        var results = await bulk.SendAsync(names.Write, body, cancellationToken);
        var conflicts = 0;
        foreach (var (write, result) in writes.Zip(results))
        {
            if (result.Fate == BulkFate.Done)
                versions[write.Known.Key] = result.Version;
            else if (result.Fate == BulkFate.Refused)
                refusals[write.Known.Key] = result;
            else
                conflicts++;
        }
        if (conflicts > 0)
            bulk.Doubt();
        return conflicts;
    }

    private static void Write(Utf8JsonWriter writer, RecordWrite write)
    {
        IReadOnlyList<string>? papers =
            write.Papers.Count == 0 ? null : [.. write.Papers.Order(StringComparer.Ordinal)];
        if (write.Observations.Count == 0)
            PaperJson.Write(writer, new PointerSource(PaperSource.Pointer, papers ?? []));
        else
            PaperJson.Write(writer, PaperSource.Of(new(write.Known.Key, write.Observations), papers));
    }
}
