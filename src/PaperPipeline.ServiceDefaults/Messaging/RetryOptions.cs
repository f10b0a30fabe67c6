namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>How long failed messages wait for another try.</summary>
/// <param name="Delays">
/// The delays before the first, second, … other try, in ascending order. Each has a queue of its own.
/// </param>
public sealed record RetryOptions(IReadOnlyList<TimeSpan> Delays);
