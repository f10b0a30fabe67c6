using MassTransit;

namespace PaperPipeline.ServiceDefaults.Telemetry;

/// <summary>Measures what every stage takes, retries and works on, in one place for all consumers.</summary>
/// <param name="queue">What is known of the queue that a worker consumes; null where there is none.</param>
internal sealed class MessageTelemetry(QueueReading? queue = null) : IReceiveObserver, IConsumeObserver
{
    // Some failures are told twice; a message is taken and left once.
    private sealed class Taken
    {
        private int left;

        public bool Leave() => Interlocked.Exchange(ref left, 1) == 0;
    }

    public Task PreReceive(ReceiveContext context)
    {
        if (MessageStage.Of(context.InputAddress) is not { } stage)
            return Task.CompletedTask;
        context.GetOrAddPayload(() => new Taken());
        PipelineTelemetry.CountReceived(stage, context.Body.Length ?? 0);
        PipelineTelemetry.MoveMessages(stage, 1);
        return Task.CompletedTask;
    }

    public Task PostReceive(ReceiveContext context) => LeaveAsync(context);

    public Task ReceiveFault(ReceiveContext context, Exception exception) => LeaveAsync(context);

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    public Task PreConsume<T>(ConsumeContext<T> context)
        where T : class
    {
        if (context.SentTime is { } sent)
            queue?.Took(sent);
        return Task.CompletedTask;
    }

    public Task PostConsume<T>(ConsumeContext<T> context)
        where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    private static Task LeaveAsync(ReceiveContext context)
    {
        if (
            context.TryGetPayload<Taken>(out var taken)
            && taken.Leave()
            && MessageStage.Of(context.InputAddress) is { } stage
        )
            PipelineTelemetry.MoveMessages(stage, -1);
        return Task.CompletedTask;
    }
}
