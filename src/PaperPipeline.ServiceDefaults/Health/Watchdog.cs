using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Telemetry;

namespace PaperPipeline.ServiceDefaults.Health;

/// <summary>
/// Ends a worker that has stalled although the broker answers and the worker has not paused itself: its queue has no
/// consumer, or messages wait and nothing gets done. After a broker's crash a client library may never come back; its
/// supervisor starts the worker again.
/// </summary>
internal sealed partial class Watchdog(
    BrokerProbe probe,
    WorkerIdentity worker,
    Intake intake,
    WorkProgress progress,
    QueueReading reading,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<Watchdog> logger
) : BackgroundService
{
    /// <summary>Exit code of a worker that has stalled.</summary>
    public const int ExitCode = 70;

    private const int Patience = 6;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromMinutes(1);

    // One message may take long: a slow source, a digest of thousands of papers. Publishing counts as getting on.
    private static readonly TimeSpan LongestInHand = TimeSpan.FromMinutes(10);

    /// <summary>True when the worker was ended because it had stalled.</summary>
    public bool Stalled { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var missed = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, clock, stoppingToken);
            missed = await IsWorkingAsync(stoppingToken) ? 0 : missed + 1;
            if (missed < Patience)
                continue;
            WorkerStalled(logger, worker.Queue);
            Stalled = true;
            lifetime.StopApplication();
            return;
        }
    }

    /// <summary>True when a worker that has not paused takes messages, and gets on with them or has none to get on with.</summary>
    /// <param name="takes">Whether its stage has a consumer, on whichever queue, or is between two.</param>
    /// <param name="waiting">How many messages wait for the stage.</param>
    /// <param name="inHand">How many the worker has taken.</param>
    /// <param name="idle">How long ago it last got something done.</param>
    internal static bool IsWorking(bool takes, uint waiting, int inHand, TimeSpan idle) =>
        takes && (waiting == 0 || idle < (inHand > 0 ? LongestInHand : LongestIdle));

    private async Task<bool> IsWorkingAsync(CancellationToken stoppingToken)
    {
        try
        {
            var (consumers, messages) = await probe.LookAsync(worker.Queue, stoppingToken);
            reading.Saw(messages);
            return intake.PausedFor is not null
                || IsWorking(consumers > 0 || intake.IsTurning, messages, progress.InHand, progress.Idle);
        }
        catch (Exception) when (!stoppingToken.IsCancellationRequested)
        {
            reading.SawNothing();
            // A broker that is away is not this worker's stall.
            return true;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "{Queue} has had no consumer for a minute, or its messages wait and none gets done: this worker has stalled and ends"
    )]
    private static partial void WorkerStalled(ILogger logger, string queue);
}
