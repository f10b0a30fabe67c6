using PaperPipeline.Contracts;

namespace PaperPipeline.ServiceDefaults.Messaging.Failures;

/// <summary>How a message came to fail.</summary>
internal enum FailureOrigin
{
    /// <summary>A consumer threw, or the message could not be read.</summary>
    Error,

    /// <summary>No consumer is meant for its type.</summary>
    Skipped,

    /// <summary>It was delivered too often: each time the process ended before it was settled.</summary>
    Dead,
}

/// <summary>A message as it lies in a queue of failed ones.</summary>
/// <param name="Queue">The stage's queue.</param>
/// <param name="Origin">How it failed.</param>
/// <param name="WasAlone">True when it failed while it was taken alone: nothing else can be at fault.</param>
/// <param name="ContentType">The media type that it states.</param>
/// <param name="Headers">Its headers as text; those that are none are left out.</param>
/// <param name="Body">Its bytes.</param>
internal sealed record FailedDelivery(
    string Queue,
    FailureOrigin Origin,
    bool WasAlone,
    string? ContentType,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body
)
{
    /// <summary>Header: how often it has waited for another try.</summary>
    public const string RetriesHeader = "paperpipeline-retries";

    // In bytes; a greater one is not kept in its letter.
    private const int LongestKept = 256 * 1024;

    /// <summary>The message as a dead letter keeps it; null where it is too large for that.</summary>
    public FailedMessage? Keep() =>
        Body.Length > LongestKept
            ? null
            : new FailedMessage
            {
                Queue = Queue,
                ContentType = ContentType,
                Body = Convert.ToBase64String(Body.Span),
            };

    /// <summary>A number in a header; 0 where there is none.</summary>
    public int Number(string header) =>
        int.TryParse(
            Headers.GetValueOrDefault(header),
            System.Globalization.CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 0;
}
