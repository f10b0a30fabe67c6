using Microsoft.Extensions.Diagnostics.HealthChecks;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Indexer;

/// <summary>Ready when the index answers and takes writes.</summary>
internal sealed class IndexCheck(IPaperStore store, SinkGuard guard) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        if (guard.Trouble is { } trouble)
            return HealthCheckResult.Unhealthy(trouble.Reason);
        try
        {
            await store.CountAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (StoreUnavailableException unavailable)
        {
            return HealthCheckResult.Unhealthy(unavailable.Message);
        }
    }
}
