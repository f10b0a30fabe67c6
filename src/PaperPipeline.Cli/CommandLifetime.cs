using Microsoft.Extensions.Hosting;

namespace PaperPipeline.Cli;

/// <summary>The command decides when to stop; signals are its business.</summary>
internal sealed class CommandLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
