using MassTransit;

namespace PaperPipeline.ServiceDefaults.Telemetry;

/// <summary>Counts what consumers try again, and notes it on the span of the message's receipt.</summary>
internal sealed class RetryTelemetry : IRetryObserver
{
    public Task PostCreate<T>(RetryPolicyContext<T> context)
        where T : class, PipeContext => Task.CompletedTask;

    public Task PostFault<T>(RetryContext<T> context)
        where T : class, PipeContext => Task.CompletedTask;

    public Task PreRetry<T>(RetryContext<T> context)
        where T : class, PipeContext
    {
        if (
            context.Context.TryGetPayload<ReceiveContext>(out var received)
            && MessageStage.Of(received.InputAddress) is { } stage
        )
            PipelineTelemetry.NoteRetry(stage, context.Exception);
        return Task.CompletedTask;
    }

    public Task RetryFault<T>(RetryContext<T> context)
        where T : class, PipeContext => Task.CompletedTask;

    public Task RetryComplete<T>(RetryContext<T> context)
        where T : class, PipeContext => Task.CompletedTask;
}
