using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.Benchmarks;

/// <summary>The raw limit: nothing but bulks of documents at hand, as many at a time as the store sends.</summary>
internal sealed class RawBulk(Uri server, string prefix) : IDisposable
{
    private const int PerRequest = 500;

    private readonly HttpClient client = new() { BaseAddress = server, Timeout = TimeSpan.FromMinutes(2) };
    private int indices;

    /// <summary>The bodies of the bulks that write the documents of these observations.</summary>
    public static List<byte[]> Bodies(IEnumerable<Observation> observations)
    {
        var bodies = new List<byte[]>();
        foreach (var groups in Resolution.Resolve(observations).Chunk(PerRequest))
        {
            using var body = new BulkBody();
            foreach (var group in groups)
                body.Add(
                    PaperRecord.DocumentId(group.Id),
                    null,
                    writer => PaperJson.Write(writer, PaperSource.Of(group, null))
                );
            bodies.Add(body.Bytes(body.Operations[0], body.Operations[^1]).ToArray());
        }
        return bodies;
    }

    /// <summary>Makes an index with the store's mappings, whose template must be there; gives its name.</summary>
    public async Task<string> MakeIndexAsync()
    {
        var name = $"{prefix}papers-v9{++indices:000}";
        using var made = await client.PutAsync(new Uri(name, UriKind.Relative), null);
        made.EnsureSuccessStatusCode();
        return name;
    }

    /// <summary>Sends the bulks; gives the time that took.</summary>
    public async Task<TimeSpan> SendAsync(string index, List<byte[]> bodies)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            bodies,
            new ParallelOptions { MaxDegreeOfParallelism = RequestLimit.Greatest },
            async (body, token) =>
            {
                while (!await IsTakenAsync(index, body, token))
                    await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, token);
            }
        );
        return Stopwatch.GetElapsedTime(started);
    }

    // False when the server asks for a pause, which it may get: it is not to be measured out of breath.
    private async Task<bool> IsTakenAsync(string index, byte[] body, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var answer = await client.PostAsync(
            new Uri(index + "/_bulk", UriKind.Relative),
            content,
            cancellationToken
        );
        if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            return false;
        await using var stream = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken);
        using var json = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
        return !json.RootElement.GetProperty("errors").GetBoolean()
            ? true
            : throw new InvalidOperationException("A raw bulk was not taken in full.");
    }

    /// <summary>How many documents were written to the store's papers so far, each write counted.</summary>
    public async Task<long> WritesAsync(string storePrefix)
    {
        var address = new Uri(IndexNames.Versioned(storePrefix + "papers") + "/_stats/indexing", UriKind.Relative);
        using var stats = JsonDocument.Parse(await client.GetByteArrayAsync(address));
        return stats
            .RootElement.GetProperty("_all")
            .GetProperty("primaries")
            .GetProperty("indexing")
            .GetProperty("index_total")
            .GetInt64();
    }

    /// <summary>How many papers the store's reading alias shows, what was just written included.</summary>
    public async Task<long> CountAsync(string storePrefix)
    {
        var alias = storePrefix + "papers";
        using var refreshed = await client.PostAsync(new Uri(alias + "/_refresh", UriKind.Relative), null);
        using var count = JsonDocument.Parse(
            await client.GetByteArrayAsync(new Uri(alias + "/_count", UriKind.Relative))
        );
        return count.RootElement.GetProperty("count").GetInt64();
    }

    /// <summary>Deletes everything with the prefix.</summary>
    public async Task DeleteAsync()
    {
        await DeleteIndicesAsync();
        using var deleted = await client.DeleteAsync(new Uri($"_index_template/{prefix}*", UriKind.Relative));
    }

    /// <summary>Deletes the indices with the prefix.</summary>
    public async Task DeleteIndicesAsync()
    {
        using var deleted = await client.DeleteAsync(new Uri(prefix + "*", UriKind.Relative));
    }

    /// <inheritdoc />
    public void Dispose() => client.Dispose();
}
