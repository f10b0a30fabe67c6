using System.CommandLine;
using PaperPipeline.Indexer;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Archive;

namespace PaperPipeline.Cli;

/// <summary><c>check</c>: says of data directory, archive, index and bus whether they can be used, and what to do if not.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", "Check data directory, archive, index and bus, and say what to do.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = GlobalOptions.Settings(parsed);
        var ok = true;
        await TryAsync($"data directory {settings.DataDir}", () => Check(() => TryDataDir(settings)));
        await TryAsync(
            $"archive {settings.Archive}",
            () => Check(() => new DigestArchive(settings.Archive).EnsureWritable())
        );
        await TryAsync(
            $"index {settings.Index?.Name ?? settings.IndexFile}",
            async () =>
            {
                await using var store = await PaperStores.OpenAsync(settings, write: false, cancellationToken);
            }
        );
        await TryAsync(
            $"bus {settings.Bus?.Name ?? "in memory"}",
            () => Stores.ReachBusAsync(settings, cancellationToken)
        );
        if (ok && settings.Bus is { } broker)
            foreach (var queue in await Listeners.FindMissingAsync(new BrokerProbe(broker), cancellationToken))
                Console.Out.WriteLine($"note     {Listeners.Advice(queue)}");
        return ok ? ExitCode.Done : ExitCode.Failed;

        async Task TryAsync(string what, Func<Task> check)
        {
            try
            {
                await check();
                Console.Out.WriteLine($"ok       {what}");
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                ok = false;
                Console.Out.WriteLine($"not ok   {what}: {failure.Message.ReplaceLineEndings(" ")}");
            }
        }
    }

    // Where a broker is, others may write to the directory at the same time.
    private static void TryDataDir(PipelineSettings settings)
    {
        if (settings.Bus is null)
            DataLock.Take(settings.DataDir).Dispose();
        else
            Stores.RequireDirectory(settings.DataDir);
    }

    private static Task Check(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
