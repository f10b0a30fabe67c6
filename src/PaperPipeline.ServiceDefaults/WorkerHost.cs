using PaperPipeline.ServiceDefaults.Settings;

namespace PaperPipeline.ServiceDefaults;

/// <summary>Starts a worker as a program of its own.</summary>
public static class WorkerHost
{
    /// <summary>
    /// A worker needs a broker: the in-memory bus ends at the process. Gives the exit code and one line on standard error.
    /// </summary>
    public static async Task<int> RunAsync(string stage)
    {
        try
        {
            var settings = PipelineSettings.Read(name => Environment.GetEnvironmentVariable("PAPERPIPELINE_" + name));
            if (settings.Bus is not { } bus)
                throw new SettingException(
                    $"The {stage} needs a broker: set PAPERPIPELINE_BUS to amqp://user:password@host:port/vhost. "
                        + "To run all stages in one process use `paperpipeline serve`."
                );
            var reason = await Reachability.TryAsync(bus, CancellationToken.None);
            await Console.Error.WriteLineAsync(
                reason is null
                    ? $"{PipelineSettings.Show(bus)}: a broker is not supported yet; use `paperpipeline serve`."
                    : $"Cannot reach {PipelineSettings.Show(bus)}: {reason}. Check PAPERPIPELINE_BUS."
            );
            return 1;
        }
        catch (SettingException malformed)
        {
            await Console.Error.WriteLineAsync(malformed.Message);
            return 2;
        }
    }
}
