using PaperPipeline.ServiceDefaults.Health;
using PaperPipeline.ServiceDefaults.Telemetry;

namespace PaperPipeline.Indexer;

/// <summary>
/// While the index is in trouble the indexer takes no messages: what it holds goes back, the broker keeps everything, and
/// the write that failed is tried alone until it succeeds. However long that lasts, nothing becomes a dead letter.
/// </summary>
internal sealed partial class SinkPause(SinkGuard guard, Intake intake, ILogger<SinkPause> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var failed = await guard.WaitForTroubleAsync(stoppingToken);
            var reason = guard.Trouble?.Reason ?? "";
            Paused(logger, reason);
            PipelineTelemetry.CountPause();
            var pausing = intake.PauseAsync(reason, stoppingToken);
            guard.LetGo();
            await pausing;
            await guard.ProbeAsync(failed, stoppingToken);
            intake.Resume();
            Resumed(logger);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Takes no messages: {Reason}")]
    private static partial void Paused(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The index takes writes again; messages are taken again")]
    private static partial void Resumed(ILogger logger);
}
