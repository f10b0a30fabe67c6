using PaperPipeline.ServiceDefaults.Settings;

namespace PaperPipeline.Cli;

/// <summary>Chooses where the stages run.</summary>
internal static class Stages
{
    /// <summary>In this process, or with a broker in the workers, which are followed.</summary>
    public static async Task<IStages> StartAsync(PipelineSettings settings, CancellationToken cancellationToken) =>
        settings.Bus is null
            ? await Standalone.StartAsync(settings, watch: false, cancellationToken)
            : await Workers.ConnectAsync(settings, follow: true, cancellationToken);
}
