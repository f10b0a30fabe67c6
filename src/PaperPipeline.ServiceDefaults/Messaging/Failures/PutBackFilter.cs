using MassTransit;

namespace PaperPipeline.ServiceDefaults.Messaging.Failures;

/// <summary>The consumer lets go of what it has taken, because it is no time to work on it: no message is at fault.</summary>
/// <remarks>
/// Not an <see cref="OperationCanceledException"/>: MassTransit replaces one that does not come from the message's own token
/// by another exception, which counts as a failure of the message.
/// </remarks>
public sealed class PutBackException() : Exception("The message goes back to its queue.");

/// <summary>
/// Puts back at the end of its queue what a consumer lets go of. Returned to the broker instead, each time would count as a
/// delivery, and a message that met enough pauses would pass for one that kills its consumer.
/// </summary>
internal sealed class PutBackFilter(string queue, QueueWriter writer) : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        try
        {
            await next.Send(context);
        }
        catch (PutBackException)
        {
            if (!context.ReceiveContext.TryGetPayload<RabbitMqBasicConsumeContext>(out var delivery))
                throw;
            // Not with the token of the message: a pause or a stop may have cancelled it.
            await writer.WriteAsync(
                queue,
                QueueWriter.Again(delivery.Properties),
                context.ReceiveContext.Body.GetBytes(),
                CancellationToken.None
            );
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("put-back");
}
