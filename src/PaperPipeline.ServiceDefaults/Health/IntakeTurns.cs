using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PaperPipeline.ServiceDefaults.Messaging;
using RabbitMQ.Client;

namespace PaperPipeline.ServiceDefaults.Health;

/// <summary>Whence a worker takes messages.</summary>
internal enum Taking
{
    /// <summary>From nowhere.</summary>
    Nothing,

    /// <summary>From its stage's queue, many at a time.</summary>
    Many,

    /// <summary>From the queue of the messages under suspicion, one at a time.</summary>
    Alone,
}

/// <summary>
/// Opens and closes the intake. Messages under suspicion are taken when the process holds no other: whatever kills it then
/// is known, and nothing that is innocent is delivered once more for it.
/// </summary>
/// <remarks>
/// One loop does all of it, so that a pause, a turn and the end of the process do not meet. It ends before the bus stops,
/// and never in the middle of a turn: an endpoint that is told to stop twice does not wait for what it holds.
/// </remarks>
internal sealed partial class IntakeTurns(
    BrokerProbe broker,
    WorkerIdentity worker,
    WorkerEndpoints endpoints,
    Intake intake,
    IBusControl bus,
    ILogger<IntakeTurns> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // The bus tries a lost connection again by itself, but gives up an endpoint for whatever else happens to it.
    private const int MostFaults = 10;

    // Longer than the bus itself waits for the answer to one request: a slow broker is not asked twice.
    private const int LongestOpening = 55;

    private Taking taking;
    private int notReady;
    private IConnection? connection;

    /// <summary>Whence messages are to be taken.</summary>
    /// <param name="now">Whence they are taken.</param>
    /// <param name="paused">True while none are to be taken.</param>
    /// <param name="suspects">How many wait to be taken alone; null where the broker does not say.</param>
    internal static Taking Next(Taking now, bool paused, uint? suspects) =>
        (paused, suspects) switch
        {
            (true, _) => Taking.Nothing,
            (_, > 0) => Taking.Alone,
            (_, null) => now,
            _ => Taking.Many,
        };

    /// <summary>True when an endpoint is to be closed and opened again, since the bus no longer does so.</summary>
    /// <param name="opening">How far it has come.</param>
    /// <param name="looks">How many looks in a row, a second each, it was not ready although the broker answered.</param>
    internal static bool IsGivenUp(Opening opening, int looks) =>
        opening switch
        {
            Opening.Ready => false,
            Opening.Faulted => looks >= MostFaults,
            _ => looks >= LongestOpening,
        };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                await LookAsync(stoppingToken);
                await intake.ChangedAsync(Interval, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        finally
        {
            await OpenedAsync();
            await DisconnectAsync();
        }
    }

    // An endpoint that is told to stop while it declares its queues waits for ever: its channel is gone, and with it whatever
    // would wake who waits for a turn on it.
    private async Task OpenedAsync()
    {
        var waited = Stopwatch.StartNew();
        while (
            taking is not Taking.Nothing
            && endpoints.OpeningOf(QueueOf(taking)) is Opening.Awaited
            && waited.Elapsed < Drain.Patience
        )
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        try
        {
            var suspects = intake.PausedFor is null ? await CountSuspectsAsync(stoppingToken) : null;
            var next = Next(taking, intake.PausedFor is not null, suspects);
            var opening = taking is Taking.Nothing ? Opening.Ready : endpoints.OpeningOf(QueueOf(taking));
            notReady = suspects is null || opening is Opening.Ready ? 0 : notReady + 1;
            await TurnAsync(IsGivenUp(opening, notReady) ? Taking.Nothing : next, stoppingToken);
            if (intake.PausedFor is not null && taking is Taking.Nothing)
                intake.Rests();
        }
        // It is tried again; a worker that takes nothing for long is ended by the watchdog.
        catch (Exception failure)
            when (failure is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            NotTurned(logger, worker.Queue, failure);
        }
    }

    private async Task TurnAsync(Taking next, CancellationToken stoppingToken)
    {
        if (next == taking)
            return;
        intake.IsTurning = next is not Taking.Nothing && taking is not Taking.Nothing;
        try
        {
            await StopAsync();
            // Waiting for what was in hand may have taken long: a pause may have begun.
            if (next is not Taking.Nothing && intake.PausedFor is null)
                await StartAsync(next, stoppingToken);
        }
        finally
        {
            intake.IsTurning = false;
        }
    }

    // However long that takes: what is in hand is neither cut short nor delivered again for it.
    private async Task StopAsync()
    {
        if (taking is Taking.Nothing)
            return;
        await OpenedAsync();
        var queue = QueueOf(taking);
        Turning(logger, queue);
        await endpoints.StopAsync(queue);
        if (taking is Taking.Alone)
            intake.Alone.Release();
        taking = Taking.Nothing;
    }

    private async Task StartAsync(Taking next, CancellationToken stoppingToken)
    {
        stoppingToken.ThrowIfCancellationRequested();
        if (!await HasQueueAsync(stoppingToken))
            return;
        var queue = QueueOf(next);
        if (next is Taking.Alone)
            await intake.Alone.WaitAsync(stoppingToken);
        try
        {
            endpoints.Start(queue);
            taking = next;
        }
        finally
        {
            if (next is Taking.Alone && taking is not Taking.Alone)
                intake.Alone.Release();
        }
        Turned(logger, queue);
    }

    // Its own alone: the more ask for a queue at once, the likelier the broker fails in making it.
    private async Task<bool> HasQueueAsync(CancellationToken stoppingToken)
    {
        if (await broker.TryQueuesAsync([worker.Queue], stoppingToken) is not { } trouble)
            return true;
        NotMade(logger, trouble.Message);
        return false;
    }

    private string QueueOf(Taking from) => from is Taking.Alone ? QueueNames.Alone(worker.Queue) : worker.Queue;

    private async Task<uint?> CountSuspectsAsync(CancellationToken stoppingToken)
    {
        try
        {
            connection ??= await broker.ConnectAsync("turns", stoppingToken);
            return (await BrokerProbe.CountAsync(connection, QueueNames.Alone(worker.Queue), stoppingToken)).Messages;
        }
        // It is away; the bus finds its way back by itself.
        catch (Exception) when (!stoppingToken.IsCancellationRequested)
        {
            await DisconnectAsync();
            return null;
        }
    }

    private async Task DisconnectAsync()
    {
        if (connection is not { } broken)
            return;
        connection = null;
        await broken.AbortAsync(TimeSpan.FromSeconds(1));
        await broken.DisposeAsync();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Takes no more from {Queue}, and finishes what it holds")]
    private static partial void Turning(ILogger logger, string queue);

    [LoggerMessage(Level = LogLevel.Information, Message = "Takes messages from {Queue}")]
    private static partial void Turned(ILogger logger, string queue);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing is taken. {Reason}")]
    private static partial void NotMade(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The intake of {Queue} cannot be opened or closed now")]
    private static partial void NotTurned(ILogger logger, string queue, Exception failure);
}
