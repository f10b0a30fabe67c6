using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PaperPipeline.ServiceDefaults.Health;
using PaperPipeline.ServiceDefaults.Telemetry;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace PaperPipeline.ServiceDefaults.Messaging.Failures;

/// <summary>
/// Empties the queues in which the failed messages of this worker's stage gather. Each is acknowledged once what becomes of
/// it is confirmed, so a crash in between repeats it.
/// </summary>
internal sealed partial class FailedMessages(
    BrokerProbe broker,
    WorkerIdentity worker,
    RetryOptions options,
    QueueWriter writer,
    PipelinePublisher publisher,
    Intake intake,
    IBus bus,
    TimeProvider clock,
    ILogger<FailedMessages> logger
) : BackgroundService
{
    private const ushort Prefetch = 16;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private readonly FailureRules rules = new(options.Delays, QueueArguments.DeliveryLimit);

    private sealed record Delivery(ulong Tag, FailureOrigin Origin, IReadOnlyBasicProperties Properties, byte[] Body);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DrainAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            // Whatever it was: nothing is acknowledged, and it is tried again.
            catch (Exception failure)
            {
                NotDrained(logger, worker.Queue, failure.Message);
            }
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private async Task DrainAsync(CancellationToken stoppingToken)
    {
        await using var connection = await broker.ConnectAsync(
            "failed messages",
            stoppingToken,
            patience: BrokerConnection.LongPatience
        );
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
        await QueueArguments.DeclareAroundAsync(channel, worker.Queue, options.Delays, stoppingToken);
        await channel.BasicQosAsync(0, Prefetch, global: false, stoppingToken);
        var deliveries = Channel.CreateUnbounded<Delivery>();
        channel.ChannelShutdownAsync += (_, closed) =>
        {
            deliveries.Writer.TryComplete(new IOException(closed.ReplyText));
            return Task.CompletedTask;
        };
        foreach (
            var (queue, origin) in ((string, FailureOrigin)[])
                [
                    (QueueNames.Dead(worker.Queue), FailureOrigin.Dead),
                    (QueueNames.Error(worker.Queue), FailureOrigin.Error),
                    (QueueNames.Skipped(worker.Queue), FailureOrigin.Skipped),
                ]
        )
        {
            var consumer = new AsyncEventingBasicConsumer(channel);
            // The body is only lent to the handler.
            consumer.ReceivedAsync += async (_, d) =>
                await deliveries.Writer.WriteAsync(
                    new(d.DeliveryTag, origin, d.BasicProperties, d.Body.ToArray()),
                    stoppingToken
                );
            await channel.BasicConsumeAsync(queue, autoAck: false, consumer, stoppingToken);
        }
        await foreach (var delivery in deliveries.Reader.ReadAllAsync(stoppingToken))
        {
            await intake.Alone.WaitAsync(stoppingToken);
            try
            {
                await SettleAsync(delivery, stoppingToken);
            }
            finally
            {
                intake.Alone.Release();
            }
            await channel.BasicAckAsync(delivery.Tag, multiple: false, stoppingToken);
        }
    }

    private async Task SettleAsync(Delivery delivery, CancellationToken stoppingToken)
    {
        var failed = Describe(delivery);
        using var span = PipelineTelemetry.ContinueMessage(
            "failed",
            failed.Headers.GetValueOrDefault("MT-Activity-Id")
        );
        var fate = rules.Decide(failed, clock.GetUtcNow());
        if (fate is not (FailureFate.Final or FailureFate.Unwritable))
            PipelineTelemetry.NoteRetry(
                QueueNames.Stage(worker.Queue),
                failed.Headers.GetValueOrDefault("MT-Fault-ExceptionType"),
                failed.Headers.GetValueOrDefault("MT-Fault-Message")
            );
        switch (fate)
        {
            case FailureFate.Later later:
                var tries = failed.Number(FailedDelivery.RetriesHeader) + 1;
                Postponed(
                    logger,
                    worker.Queue,
                    later.Delay.TotalSeconds,
                    failed.Headers.GetValueOrDefault("MT-Fault-Message")
                );
                await writer.WriteAsync(
                    QueueNames.Retry(worker.Queue, later.Delay),
                    QueueWriter.Again(delivery.Properties, (FailedDelivery.RetriesHeader, tries)),
                    delivery.Body,
                    stoppingToken
                );
                break;
            case FailureFate.Apart apart:
                TakenApart(logger, worker.Queue, apart.Bodies.Count);
                foreach (var body in apart.Bodies)
                    await writer.WriteAsync(
                        apart.AreSuspect ? QueueNames.Alone(worker.Queue) : worker.Queue,
                        QueueWriter.Again(delivery.Properties),
                        body,
                        stoppingToken
                    );
                break;
            case FailureFate.Alone:
                await writer.WriteAsync(
                    QueueNames.Alone(worker.Queue),
                    QueueWriter.Again(delivery.Properties),
                    delivery.Body,
                    stoppingToken
                );
                break;
            case FailureFate.Final { IsSuspect: false, Letter: var letter }:
                Given(logger, worker.Queue, letter.Reason);
                await publisher.PublishAsync(bus, letter, stoppingToken);
                break;
            case FailureFate.Final { Letter: var suspect }:
                Given(logger, worker.Queue, suspect.Reason);
                PipelineTelemetry.NoteDeadLetter(suspect);
                await writer.WriteAsync(
                    QueueNames.Alone(worker.Queue),
                    QueueWriter.Fresh(Activity.Current?.Id),
                    FailedEnvelope.Wrap(suspect, clock.GetUtcNow()),
                    stoppingToken
                );
                break;
            case FailureFate.Unwritable { Letter: var lost }:
                NotWritten(logger, lost.Digest, lost.Ordinal);
                break;
        }
    }

    private FailedDelivery Describe(Delivery delivery) =>
        new(
            worker.Queue,
            delivery.Origin,
            DiedIn(delivery.Properties) == QueueNames.Alone(worker.Queue),
            delivery.Properties.ContentType,
            QueueWriter
                .Headers(delivery.Properties)
                .Select(h => (h.Key, Value: Text(h.Value)))
                .Where(h => h.Value is not null)
                .ToDictionary(h => h.Key, h => h.Value!, StringComparer.Ordinal),
            delivery.Body
        );

    // The broker notes where a message died, the last time first.
    private static string? DiedIn(IReadOnlyBasicProperties properties) =>
        properties.Headers?.TryGetValue("x-death", out var deaths) is true
        && deaths is IList<object> { Count: > 0 } list
        && list[0] is IDictionary<string, object?> last
        && last.TryGetValue("queue", out var queue)
            ? Text(queue)
            : null;

    private static string? Text(object? value) =>
        value switch
        {
            byte[] bytes => Encoding.UTF8.GetString(bytes),
            string text => text,
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => null,
        };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed messages of {Queue} cannot be settled now: {Reason}")]
    private static partial void NotDrained(ILogger logger, string queue, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A message of {Queue} failed and is tried again in {Seconds} s: {Reason}"
    )]
    private static partial void Postponed(ILogger logger, string queue, double seconds, string? reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A message of {Queue} failed and is taken apart into {Count} entries"
    )]
    private static partial void TakenApart(ILogger logger, string queue, int count);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "The index cannot be told that entry {Ordinal} of digest {Digest} has failed: the indexer ends each time. The digest stays unsettled"
    )]
    private static partial void NotWritten(ILogger logger, string digest, int? ordinal);

    [LoggerMessage(Level = LogLevel.Error, Message = "A message of {Queue} is a dead letter: {Reason}")]
    private static partial void Given(ILogger logger, string queue, string reason);
}
