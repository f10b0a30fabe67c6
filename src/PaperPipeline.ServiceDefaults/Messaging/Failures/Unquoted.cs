using System.Text;
using PaperPipeline.Contracts;

namespace PaperPipeline.ServiceDefaults.Messaging.Failures;

/// <summary>
/// What takes the place of a dead letter that cannot be written down: the same account without a word of what it quotes,
/// since that may be what the indexer does not survive. First the letter itself is kept as it was, in base64; if that cannot
/// be written down either, nothing of it.
/// </summary>
internal static class Unquoted
{
    private static readonly string[] Stages = ["fetch", "parse", "enrich", "index"];

    /// <summary>The letter without its words; null where it has none left.</summary>
    /// <param name="rejected">The letter.</param>
    /// <param name="failed">The message that it came in.</param>
    /// <param name="why">Why it could not be written down.</param>
    /// <param name="now">The time.</param>
    public static EntryRejected? Of(EntryRejected rejected, FailedDelivery failed, string why, DateTimeOffset now)
    {
        var isUnquoted = rejected.Reason.StartsWith(RejectionReasons.Unquotable, StringComparison.Ordinal);
        if (isUnquoted && rejected.Message is null)
            return null;
        return new EntryRejected
        {
            Digest = IsHex(rejected.Digest, 64) ? rejected.Digest : Rejections.Identity(failed.Body.Span),
            Ordinal = rejected.Ordinal,
            Position = Place(rejected.Position),
            Stage = Stages.Contains(rejected.Stage) ? rejected.Stage : QueueNames.Stage(failed.Queue),
            Reason = RejectionReasons.Unquotable + why,
            TraceId = IsHex(rejected.TraceId, 32) ? rejected.TraceId : Rejections.NoTrace,
            // One that was given back is told from the one before.
            Attempts = rejected.Attempts + failed.Number(Attempts.Header),
            ParserVersion = rejected.ParserVersion,
            RejectedAt = now,
            Message = isUnquoted ? null : failed.Keep(),
        };
    }

    // Lines are numbers; any other place may bear a name that somebody chose.
    private static string? Place(string? position) =>
        position is null || position.All(c => char.IsAsciiDigit(c) || "lines -".Contains(c, StringComparison.Ordinal))
            ? position
            : $"place {Rejections.Identity(Encoding.UTF8.GetBytes(position))[..16]}";

    private static bool IsHex(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigitLower);
}
