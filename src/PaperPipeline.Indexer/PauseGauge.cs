using System.Diagnostics.Metrics;
using PaperPipeline.ServiceDefaults.Telemetry;

namespace PaperPipeline.Indexer;

/// <summary>Shows whether the index takes writes: while it does not, papers are held or wait in their queue.</summary>
internal sealed class PauseGauge(SinkGuard guard) : IHostedService, IDisposable
{
    private readonly Meter meter = new(PipelineTelemetry.Name);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        meter.CreateObservableGauge(
            "paperpipeline.paused",
            () =>
                new Measurement<int>(
                    guard.Trouble is null ? 0 : 1,
                    new KeyValuePair<string, object?>("paperpipeline.stage", "index")
                ),
            "1",
            "1 while the index takes no writes and papers are held or wait in their queue, else 0."
        );
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => meter.Dispose();
}
