namespace PaperPipeline.Cli;

/// <summary>
/// Tells which digests are nowhere any more: read to their end, nothing of them under way, and yet not settled for a while,
/// because somebody deleted an index. They have to be announced again, which harms nothing, but not for ever.
/// </summary>
internal sealed class LostDigests(TimeProvider clock)
{
    private const int Times = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (long Since, int Announced)> unsettled = new(StringComparer.Ordinal);

    /// <summary>The digest is settled, or not expected to be.</summary>
    public void Forget(string digest) => unsettled.Remove(digest);

    /// <summary>The ledger was asked for a digest of which nothing is under way, and does not call it settled.</summary>
    /// <returns>True when it is to be announced again.</returns>
    public bool IsLost(string digest)
    {
        if (!unsettled.TryGetValue(digest, out var known))
            unsettled[digest] = known = (clock.GetTimestamp(), 0);
        if (known.Announced == Times || clock.GetElapsedTime(known.Since) < Patience)
            return false;
        unsettled[digest] = (clock.GetTimestamp(), known.Announced + 1);
        return true;
    }
}
