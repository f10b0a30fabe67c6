using System.Diagnostics.Metrics;
using PaperPipeline.ServiceDefaults.Health;

namespace PaperPipeline.ServiceDefaults.Telemetry;

/// <summary>
/// What is known of the queue that a worker consumes: how many messages waited when the broker was last asked, and when the
/// message taken last was sent.
/// </summary>
public sealed class QueueReading : IDisposable
{
    private readonly Meter meter = new(PipelineTelemetry.Name);
    private readonly TimeProvider clock;
    private readonly KeyValuePair<string, object?> stage;
    private long waiting = -1;
    private long lastSent = -1;

    /// <summary>Publishes the readings as gauges.</summary>
    /// <param name="worker">Whose queue it is.</param>
    /// <param name="clock">The time.</param>
    public QueueReading(WorkerIdentity worker, TimeProvider clock)
    {
        (this.clock, stage) = (clock, new("paperpipeline.stage", MessageStage.Of(worker.Queue)));
        meter.CreateObservableGauge(
            "paperpipeline.queue.messages",
            ReadMessages,
            "{message}",
            "Messages that wait for the stage, many or alone, and that nobody has taken."
        );
        meter.CreateObservableGauge(
            "paperpipeline.queue.oldest",
            ReadOldest,
            "s",
            "Time since the message taken last was sent, while others wait behind it: none of them is older."
        );
    }

    /// <summary>The broker was asked.</summary>
    /// <param name="messages">Messages that nobody has taken.</param>
    public void Saw(long messages) => Interlocked.Exchange(ref waiting, messages);

    /// <summary>The broker does not answer.</summary>
    public void SawNothing() => Saw(-1);

    /// <summary>A message was taken.</summary>
    /// <param name="sent">When it was sent (UTC).</param>
    public void Took(DateTime sent) => Interlocked.Exchange(ref lastSent, sent.Ticks);

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();

    private IEnumerable<Measurement<long>> ReadMessages() =>
        Interlocked.Read(ref waiting) is var messages and >= 0 ? [new(messages, stage)] : [];

    // A queue is taken from its beginning, so that what waits was sent after what was taken.
    private IEnumerable<Measurement<double>> ReadOldest()
    {
        var (messages, sent) = (Interlocked.Read(ref waiting), Interlocked.Read(ref lastSent));
        if (messages == 0)
            return [new(0, stage)];
        if (messages < 0 || sent < 0)
            return [];
        var age = clock.GetUtcNow().UtcDateTime - new DateTime(sent, DateTimeKind.Utc);
        return [new(Math.Max(0, age.TotalSeconds), stage)];
    }
}
