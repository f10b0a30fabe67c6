using System.CommandLine;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index.Sqlite;

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
        await TryAsync(
            $"data directory {settings.DataDir}",
            () => Check(() => DataLock.Take(settings.DataDir).Dispose())
        );
        await TryAsync(
            $"archive {settings.Archive}",
            () => Check(() => new DigestArchive(settings.Archive).EnsureWritable())
        );
        if (settings.Index is null)
            await TryAsync(
                $"index {settings.IndexFile}",
                async () =>
                {
                    await using var store = SqliteStore.Open(settings.IndexFile, write: false);
                }
            );
        else
            await TryAsync(
                $"index {PipelineSettings.Show(settings.Index)}",
                () => Stores.RequireReachableAsync(settings with { Bus = null }, cancellationToken)
            );
        if (settings.Bus is null)
            await TryAsync("bus in memory", () => Task.CompletedTask);
        else
            await TryAsync(
                $"bus {PipelineSettings.Show(settings.Bus)}",
                () => Stores.RequireReachableAsync(settings with { Index = null }, cancellationToken)
            );
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

    private static Task Check(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
