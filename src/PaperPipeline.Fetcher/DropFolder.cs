using MassTransit;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Fetcher;

/// <summary>Which folder is watched.</summary>
/// <param name="Path">The folder.</param>
public sealed record DropFolderPath(string Path);

/// <summary>
/// Watches the drop folder: a file is taken once it has been unchanged for a while, stays where it is, and is known by
/// its content afterwards. Names that begin with a dot are left alone.
/// </summary>
public sealed partial class DropFolder(
    DropFolderPath folder,
    DigestFetcher fetcher,
    Func<string, CancellationToken, Task<bool>> isSettled,
    PipelinePublisher publisher,
    IBus bus,
    FetcherOptions options,
    TimeProvider clock,
    ILogger<DropFolder> logger
) : BackgroundService
{
    private readonly Dictionary<string, (long Size, DateTime Changed)> taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Size, DateTime Changed, DateTimeOffset Seen)> waiting = new(
        StringComparer.Ordinal
    );

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                FolderUnreadable(logger, folder.Path, failure.Message);
            }
            await Task.Delay(options.DropInterval, clock, stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        Directory.CreateDirectory(folder.Path);
        foreach (var path in InputPaths.FilesIn(folder.Path))
        {
            var file = new FileInfo(path);
            var state = (file.Length, file.LastWriteTimeUtc);
            if (taken.GetValueOrDefault(path) == state || !IsQuiet(path, state))
                continue;
            try
            {
                var fetched = await fetcher.FetchAsync(path, "drop", null, stoppingToken);
                if (!await isSettled(fetched.Digest, stoppingToken))
                {
                    await publisher.PublishAsync(bus, fetched, stoppingToken);
                    fetcher.MarkAnnounced(fetched.Digest);
                }
                taken[path] = state;
                waiting.Remove(path);
                FileTaken(logger, path, fetched.Digest, fetched.TraceId);
            }
            catch (FetchFailedException failure)
            {
                FileNotTaken(logger, failure.Message);
            }
            // A broker that is away: the file waits, and is announced when it is back.
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                FileNotTaken(logger, $"{path} could not be announced: {failure.Message}");
            }
        }
    }

    private bool IsQuiet(string path, (long, DateTime) state)
    {
        var now = clock.GetUtcNow();
        if (waiting.TryGetValue(path, out var seen) && (seen.Size, seen.Changed) == state)
            return now - seen.Seen >= options.DropQuietTime;
        waiting[path] = (state.Item1, state.Item2, now);
        return false;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Took {Path} as digest {Digest}, trace {Trace}")]
    private static partial void FileTaken(ILogger logger, string path, string digest, string trace);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason} It is tried again.")]
    private static partial void FileNotTaken(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot look through the drop folder {Path}: {Reason}")]
    private static partial void FolderUnreadable(ILogger logger, string path, string reason);
}
