using System.Text;
using PaperPipeline.Contracts;

namespace PaperPipeline.ServiceDefaults.Messaging.Failures;

/// <summary>What becomes of a failed message.</summary>
internal abstract record FailureFate
{
    /// <summary>It goes back to its queue after a while.</summary>
    internal sealed record Later(TimeSpan Delay) : FailureFate;

    /// <summary>These take its place, one for each entry.</summary>
    /// <param name="Bodies">The messages.</param>
    /// <param name="AreSuspect">True when one of them may kill its worker: they go where messages are taken alone.</param>
    internal sealed record Apart(IReadOnlyList<byte[]> Bodies, bool AreSuspect) : FailureFate;

    /// <summary>It goes, as it is, where messages are taken alone.</summary>
    internal sealed record Alone : FailureFate;

    /// <summary>It is a dead letter.</summary>
    /// <param name="Letter">The letter.</param>
    /// <param name="IsSuspect">
    /// True when it quotes to the indexer what has killed the indexer: it goes where messages are taken alone.
    /// </param>
    internal sealed record Final(EntryRejected Letter, bool IsSuspect) : FailureFate;

    /// <summary>It is a dead letter that cannot be written down, whatever is left out of it.</summary>
    internal sealed record Unwritable(EntryRejected Letter) : FailureFate;
}

/// <summary>
/// Decides what becomes of failed messages. Pure. Trouble of the surroundings is waited for; a chunk is taken apart, so that
/// only the entry at fault fails; what may have died with another message is tried alone; the rest is a dead letter. A dead
/// letter that fails itself is said again in fewer words, until none are left: so each message comes to an end.
/// </summary>
/// <param name="delays">How long a message waits before its first, second, … other try.</param>
/// <param name="deliveryLimit">How often a message is delivered before it is taken for one that kills its consumer.</param>
internal sealed class FailureRules(IReadOnlyList<TimeSpan> delays, int deliveryLimit)
{
    private static readonly string[] Readers =
    [
        "System.Text.Json.",
        "System.Runtime.Serialization.",
        "MassTransit.Serialization.",
    ];

    /// <summary>Decides.</summary>
    /// <param name="failed">The message.</param>
    /// <param name="now">The time.</param>
    public FailureFate Decide(FailedDelivery failed, DateTimeOffset now)
    {
        var envelope = FailedEnvelope.Read(failed.Body);
        var retries = failed.Number(FailedDelivery.RetriesHeader);
        if (failed.Origin == FailureOrigin.Error && delays.Count > 0)
        {
            var trouble = TroubleOf(failed);
            if (trouble == Trouble.Surroundings)
                return new FailureFate.Later(delays[Math.Min(retries, delays.Count - 1)]);
            if (trouble == Trouble.Passing && retries < delays.Count && envelope.Count is null or 1)
                return new FailureFate.Later(delays[retries]);
        }
        if (envelope.Count > 1)
            return new FailureFate.Apart(envelope.TakeApart(), AreSuspect: failed.Origin == FailureOrigin.Dead);
        if (failed.Origin == FailureOrigin.Dead && !failed.WasAlone)
            return new FailureFate.Alone();
        var isSuspect = failed is { Origin: FailureOrigin.Dead, Queue: Routes.Index };
        if (failed is { Origin: not FailureOrigin.Skipped, Queue: Routes.Index } && envelope.Rejected is { } rejected)
            return Unquoted.Of(rejected, failed, Why(failed), now) is { } unquoted
                    ? new FailureFate.Final(unquoted, isSuspect)
                // Nothing dies of it, so it may wait for an indexer that can write it down.
                : failed.Origin == FailureOrigin.Error && delays.Count > 0 ? new FailureFate.Later(delays[^1])
                : new FailureFate.Unwritable(rejected);
        return new FailureFate.Final(Letter(failed, envelope, retries, now), isSuspect);
    }

    private string Why(FailedDelivery failed) =>
        failed.Origin == FailureOrigin.Dead
            ? $"the indexer ended each of {deliveryLimit} times before it was done."
            : Said(failed);

    private EntryRejected Letter(FailedDelivery failed, FailedEnvelope envelope, int retries, DateTimeOffset now)
    {
        var (stage, request, entry) = (QueueNames.Stage(failed.Queue), envelope.Request, envelope.Entry);
        // An entry or a digest is run again from what is known of it; of all else the message itself is kept.
        var known = request is not null || entry is not null || (stage == "parse" && envelope.Digest is not null);
        return new EntryRejected
        {
            Digest = request is not null
                ? Rejections.Identity(request)
                : envelope.Digest ?? Rejections.Identity(failed.Body.Span),
            Ordinal = envelope.Ordinal,
            // What was said of a digest is not the digest.
            Position =
                envelope.Ordinal is null && envelope.Digest is not null && !known
                    ? $"message {envelope.Type ?? "of an unknown type"}"
                    : null,
            Stage = stage,
            Reason = Reason(failed, envelope),
            Excerpt = Rejections.Excerpt(
                envelope.Title
                    ?? request?.Address
                    ?? Encoding.UTF8.GetString(failed.Body.Span[..Math.Min(2000, failed.Body.Length)])
            ),
            TraceId = envelope.TraceId ?? TraceOf(failed) ?? Rejections.NoTrace,
            Attempts = Tries(failed, retries) + failed.Number(Attempts.Header),
            ParserVersion = envelope.ParserVersion,
            RejectedAt = now,
            Entry = entry,
            Request = request,
            Message = known ? null : failed.Keep(),
        };
    }

    private int Tries(FailedDelivery failed, int retries) =>
        failed.Origin switch
        {
            FailureOrigin.Dead => deliveryLimit,
            FailureOrigin.Error => (failed.Number("MT-Fault-RetryCount") + 1) * (retries + 1),
            _ => 1,
        };

    private string Reason(FailedDelivery failed, FailedEnvelope envelope) =>
        failed.Origin switch
        {
            FailureOrigin.Dead =>
                $"{RejectionReasons.DeliveredTooOften}{deliveryLimit} times, and each time the worker ended before it was done: it may be what kills it.",
            FailureOrigin.Skipped =>
                $"{RejectionReasons.UnknownMessage}{envelope.Type ?? "unknown"}: another version of PaperPipeline may have sent it.",
            _ when IsUnreadable(failed) => RejectionReasons.UnreadableMessage + Said(failed),
            _ => RejectionReasons.GaveUp + Said(failed),
        };

    private static string Said(FailedDelivery failed) =>
        (failed.Headers.GetValueOrDefault("MT-Fault-Message") ?? "no reason was given").ReplaceLineEndings(" ");

    private static string? TraceOf(FailedDelivery failed) =>
        System.Diagnostics.ActivityContext.TryParse(
            failed.Headers.GetValueOrDefault("MT-Activity-Id"),
            null,
            out var context
        )
            ? context.TraceId.ToHexString()
            : null;

    private enum Trouble
    {
        /// <summary>The message itself.</summary>
        None,

        /// <summary>It may pass; whether it does shows after some tries.</summary>
        Passing,

        /// <summary>Broker or archive: no message is at fault, however long it lasts.</summary>
        Surroundings,
    }

    private static Trouble TroubleOf(FailedDelivery failed)
    {
        var exceptionType = failed.Headers.GetValueOrDefault("MT-Fault-ExceptionType") ?? "";
        return IsUnreadable(failed) ? Trouble.None
            : exceptionType
                is "System.TimeoutException"
                    or "System.UnauthorizedAccessException"
                    or "System.IO.IOException"
                    or "System.IO.DirectoryNotFoundException"
                    or "MassTransit.MessageReturnedException"
            || exceptionType.StartsWith("RabbitMQ.Client.", StringComparison.Ordinal)
            || exceptionType.EndsWith(".ArchiveUnavailableException", StringComparison.Ordinal)
                ? Trouble.Surroundings
            : Trouble.Passing;
    }

    // No consumer was reached, and the innermost exception, which is the one that the bus notes, comes from the reader.
    private static bool IsUnreadable(FailedDelivery failed) =>
        !failed.Headers.ContainsKey("MT-Fault-ConsumerType")
        && Readers.Any(reader =>
            (failed.Headers.GetValueOrDefault("MT-Fault-ExceptionType") ?? "").StartsWith(
                reader,
                StringComparison.Ordinal
            )
            || (failed.Headers.GetValueOrDefault("MT-Fault-StackTrace") ?? "").Contains(
                "at " + reader,
                StringComparison.Ordinal
            )
        );
}
