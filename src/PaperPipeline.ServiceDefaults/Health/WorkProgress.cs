using System.Collections.Concurrent;
using MassTransit;

namespace PaperPipeline.ServiceDefaults.Health;

/// <summary>When this process last got something done, and whether it has something in hand.</summary>
public sealed class WorkProgress(TimeProvider clock) : IReceiveObserver, IPublishObserver
{
    private long movedAt = clock.GetTimestamp();

    // Some failures are told twice; a message is taken and left once.
    private readonly ConcurrentDictionary<ReceiveContext, bool> inHand = new();

    /// <summary>Number of messages taken and not settled yet.</summary>
    public int InHand => inHand.Count;

    /// <summary>How long ago a message was settled or published, or the process started.</summary>
    public TimeSpan Idle => clock.GetElapsedTime(Interlocked.Read(ref movedAt));

    /// <summary>Something was done.</summary>
    public void Moved() => Interlocked.Exchange(ref movedAt, clock.GetTimestamp());

    /// <inheritdoc />
    public Task PreReceive(ReceiveContext context)
    {
        inHand[context] = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task PostReceive(ReceiveContext context) => Settled(context);

    /// <inheritdoc />
    public Task ReceiveFault(ReceiveContext context, Exception exception) => Settled(context);

    /// <inheritdoc />
    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    /// <inheritdoc />
    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    /// <inheritdoc />
    public Task PrePublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    /// <inheritdoc />
    public Task PostPublish<T>(PublishContext<T> context)
        where T : class
    {
        Moved();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    private Task Settled(ReceiveContext context)
    {
        inHand.TryRemove(context, out _);
        Moved();
        return Task.CompletedTask;
    }
}
