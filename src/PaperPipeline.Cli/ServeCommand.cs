using System.CommandLine;
using PaperPipeline.Fetcher;

namespace PaperPipeline.Cli;

/// <summary><c>serve</c>: runs all stages until it is stopped, watching the drop folder.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command(
            "serve",
            "Run continuously and take what is put into the drop folder; Ctrl-C ends it."
        );
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = GlobalOptions.Settings(parsed);
        Stores.RequireNoBroker(settings, "serve");
        await using var pipeline = await Standalone.StartAsync(settings, watch: true, cancellationToken);
        await Console.Error.WriteLineAsync($"Watching {settings.Drop}; Ctrl-C ends it.");
        try
        {
            foreach (var digest in pipeline.Left)
                if (
                    await pipeline.Store.FindAsync(digest, cancellationToken) is not { IsSettled: true }
                    && pipeline.Archive.Find(digest) is { } retrieval
                )
                    await pipeline.PublishAsync(DigestFetcher.Announce(retrieval), attempts: 0, cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { }
        return ExitCode.Done;
    }
}
