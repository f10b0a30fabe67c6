using MassTransit;
using MassTransit.Context;

namespace PaperPipeline.ServiceDefaults.Messaging.Failures;

/// <summary>The consumer lets go of what it has taken, because it is no time to work on it: no message is at fault.</summary>
/// <remarks>
/// Not an <see cref="OperationCanceledException"/>: MassTransit replaces one that does not come from the message's own token
/// by another exception, which counts as a failure of the message.
/// </remarks>
public sealed class PutBackException() : Exception("The message goes back to its queue.");

/// <summary>
/// Puts back at the end of its queue what a consumer lets go of, or what a worker that ends has not finished in time.
/// Returned to the broker instead, each time would count as a delivery, and a message that met enough pauses or stops would
/// pass for one that kills its consumer.
/// </summary>
/// <param name="queue">The queue from which the messages come.</param>
/// <param name="writer">Puts them back.</param>
/// <param name="drain">When a worker that ends lets go of its messages.</param>
internal sealed class PutBackFilter(string queue, QueueWriter writer, Drain drain) : IFilter<ConsumeContext>
{
    // The message's own token stays as it is: once that is cancelled, the message can neither be settled nor given back.
    private sealed class DrainedContext(ConsumeContext context, CancellationToken cancellationToken)
        : ConsumeContextProxy(context)
    {
        public override CancellationToken CancellationToken { get; } = cancellationToken;
    }

    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Over);
        try
        {
            await next.Send(new DrainedContext(context, either.Token));
        }
        catch (Exception failure) when (IsLetGo(failure, context))
        {
            if (!context.ReceiveContext.TryGetPayload<RabbitMqBasicConsumeContext>(out var delivery))
                throw;
            await writer.WriteAsync(
                queue,
                QueueWriter.Again(delivery.Properties),
                context.ReceiveContext.Body.GetBytes(),
                CancellationToken.None
            );
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("put-back");

    // Whatever a consumer says that was called off by the end of the process, the message is not at fault.
    private bool IsLetGo(Exception failure, ConsumeContext context) =>
        failure is PutBackException
        || (drain.Over.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested);
}
