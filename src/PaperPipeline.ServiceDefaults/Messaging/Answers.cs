using MassTransit;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>Messages that are answered: to the queue of who asked, for as long as that is there.</summary>
public static class Answers
{
    /// <summary>Publishes a message to which the bus's own queue gets an answer; returns once the transport has it.</summary>
    public static Task AskAsync<T>(IBus bus, T message, Guid id, int attempts, CancellationToken cancellationToken)
        where T : class =>
        PipelinePublisher.BoundedAsync<T>(
            token =>
                bus.Publish(
                    message,
                    context =>
                    {
                        PipelinePublisher.Prepare(context, attempts);
                        (context.RequestId, context.ResponseAddress) = (id, bus.Address);
                    },
                    token
                ),
            cancellationToken
        );

    /// <summary>
    /// Answers the message, where somebody waits for that. Who is gone by now asks again, so an answer that cannot be given
    /// is no failure.
    /// </summary>
    public static async Task GiveAsync<T>(ConsumeContext context, T answer, CancellationToken cancellationToken)
        where T : class
    {
        if (context.ResponseAddress is not { } address)
            return;
        try
        {
            await PipelinePublisher.BoundedAsync<T>(
                async token =>
                {
                    var endpoint = await context.GetSendEndpoint(address);
                    await endpoint.Send(answer, sent => sent.RequestId = context.RequestId, token);
                },
                cancellationToken
            );
        }
        catch (Exception unanswered) when (!cancellationToken.IsCancellationRequested)
        {
            LogContext.Warning?.Log(unanswered, "Nobody takes the answer at {Address}", address);
        }
    }
}
