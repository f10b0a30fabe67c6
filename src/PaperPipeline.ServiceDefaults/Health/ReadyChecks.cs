using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PaperPipeline.ServiceDefaults.Health;

/// <summary>Checks of what a worker needs.</summary>
public static class ReadyChecks
{
    /// <summary>Makes a worker ready only while nothing is wrong with what it needs.</summary>
    /// <param name="services">Where the check is added.</param>
    /// <param name="name">What is checked.</param>
    /// <param name="trouble">What is wrong, with what to do; null when nothing is.</param>
    public static void AddReadyCheck(this IServiceCollection services, string name, Func<string?> trouble) =>
        services
            .AddHealthChecks()
            .AddCheck(
                name,
                () => trouble() is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy(),
                tags: ["ready"]
            );
}
