using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.ServiceDefaults.Health;

/// <summary>Which worker this is.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Queue">The queue that it consumes.</param>
/// <param name="Prefetch">How many messages it holds at a time.</param>
public sealed record WorkerIdentity(string Stage, string Queue, int Prefetch);

/// <summary>Ready when the broker sees a consumer of the worker's stage; the bus alone may think so wrongly.</summary>
internal sealed class ConsumerCheck(BrokerProbe probe, WorkerIdentity worker, Intake intake, IBusControl bus)
    : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            if (intake.PausedFor is { } reason)
                return HealthCheckResult.Unhealthy($"paused: {reason}");
            if (bus.CheckHealth() is { Status: BusHealthStatus.Unhealthy } ill)
                return HealthCheckResult.Unhealthy($"the bus: {ill.Description}");
            var (consumers, _) = await probe.LookAsync(worker.Queue, cancellationToken);
            return consumers > 0 || intake.IsTurning
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"{worker.Queue} has no consumer");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"the broker does not answer: {failure.Message}");
        }
    }
}
