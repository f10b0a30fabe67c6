using System.Diagnostics;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Telemetry;
using PaperPipeline.Storage.Archive;

namespace PaperPipeline.Fetcher;

/// <summary>Reads a source and archives what it gives as a digest, before anybody parses it.</summary>
public sealed class DigestFetcher(DigestArchive archive, HttpSource http, FetcherOptions options, TimeProvider clock)
{
    /// <summary>Fetches a file's path or an http(s) address.</summary>
    /// <exception cref="FetchFailedException">It could not be read or archived.</exception>
    public Task<DigestFetched> FetchAsync(
        string address,
        string source,
        DateOnly? day,
        CancellationToken cancellationToken
    ) => TraceAsync(span => ReadAsync(address, source, day, span, cancellationToken));

    /// <summary>Archives a stream, such as standard input.</summary>
    /// <exception cref="FetchFailedException">It could not be archived.</exception>
    public Task<DigestFetched> FetchAsync(
        Stream content,
        string name,
        DateOnly? day,
        CancellationToken cancellationToken
    ) => TraceAsync(span => StoreAsync(content, name, name, day, null, span, cancellationToken));

    /// <summary>Remembers that the broker has confirmed the digest's announcement.</summary>
    public void MarkAnnounced(string digest) => archive.MarkAnnounced(digest);

    /// <summary>True for an http(s) address.</summary>
    public static bool IsUrl(string address) =>
        address.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || address.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>An http(s) address that was typed.</summary>
    /// <exception cref="FetchFailedException">It is none.</exception>
    public static Uri AddressOf(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? uri
            : throw new FetchFailedException($"Cannot read {address}: it is no valid address. Check it.");

    /// <summary>What the archive knows of a digest, as the event that announces it.</summary>
    public static DigestFetched Announce(Retrieval retrieval) =>
        new()
        {
            Digest = retrieval.First.Digest,
            Size = retrieval.First.Size,
            Name = retrieval.First.Name,
            RetrievedAt = retrieval.First.RetrievedAt,
            TraceId = retrieval.First.TraceId,
            SpanId = retrieval.First.SpanId,
            Sampled = retrieval.First.Sampled,
        };

    private async Task<DigestFetched> TraceAsync(Func<Activity?, Task<DigestFetched>> fetch)
    {
        var started = clock.GetTimestamp();
        using var span = PipelineTelemetry.Source.StartActivity("fetch");
        try
        {
            var fetched = await fetch(span);
            span?.SetTag("paperpipeline.digest.id", fetched.Digest);
            PipelineTelemetry.LinkRetrieval(span, fetched);
            PipelineTelemetry.RecordDuration("fetch", clock.GetElapsedTime(started));
            return fetched;
        }
        catch (Exception failure)
        {
            span?.SetTag("error.type", failure.GetType().FullName);
            span?.SetStatus(ActivityStatusCode.Error, failure.Message);
            throw;
        }
    }

    private async Task<DigestFetched> ReadAsync(
        string address,
        string source,
        DateOnly? day,
        Activity? span,
        CancellationToken cancellationToken
    )
    {
        if (IsUrl(address))
        {
            await using var answer = await http.GetAsync(AddressOf(address), cancellationToken);
            return await StoreAsync(answer.Content, "url", answer.Name, day, answer, span, cancellationToken);
        }
        try
        {
            await using var file = File.OpenRead(address);
            return await StoreAsync(file, source, Path.GetFileName(address), day, null, span, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FetchFailedException($"Cannot read {address}: {failure.Message}", failure);
        }
    }

    private async Task<DigestFetched> StoreAsync(
        Stream content,
        string source,
        string name,
        DateOnly? day,
        HttpAnswer? answer,
        Activity? span,
        CancellationToken cancellationToken
    )
    {
        var traceId = (span?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString();
        try
        {
            var record = await archive.StoreAsync(content, options.MaxDigestSize, Describe, cancellationToken);
            PipelineTelemetry.CountBytes(record.Size);
            return Announce(archive.Find(record.Digest)!);
        }
        catch (Exception failure) when (failure is HttpRequestException or InvalidDataException)
        {
            throw new FetchFailedException($"Cannot read {name}: {failure.Message}", failure)
            {
                MayPass = failure is HttpRequestException,
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The system's message ends with the temporary file's path, which helps nobody.
            var reason = failure.Message.Split(" : ")[0].TrimEnd('.');
            throw new ArchiveUnavailableException(
                $"Cannot archive {name} in {archive.Root}: {reason}. Free space or fix the rights, then run it again.",
                failure
            );
        }

        RetrievalRecord Describe(string digest, long size, long? exceeded) =>
            new()
            {
                Digest = digest,
                Source = source,
                Name = name,
                RetrievedAt = clock.GetUtcNow(),
                Size = size,
                MediaType = answer?.MediaType,
                Headers = answer?.Headers,
                Day = day,
                TraceId = traceId,
                SpanId = span?.SpanId.ToHexString(),
                Sampled = span is { Recorded: false } ? false : null,
                ExceededLimit = exceeded,
            };
    }
}
