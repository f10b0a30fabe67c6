using System.Text.Json.Nodes;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>An index as it was at one moment, kept by the server for searches that belong together.</summary>
internal sealed class PointInTime : IAsyncDisposable
{
    // Between two pages; each renews it.
    private const string KeepAlive = "5m";

    private readonly ElasticsearchTransport transport;
    private readonly string id;

    private PointInTime(ElasticsearchTransport transport, string id) => (this.transport, this.id) = (transport, id);

    /// <summary>What a search has to say to see that moment; it then names no index.</summary>
    public JsonObject Reference => new() { ["id"] = id, ["keep_alive"] = KeepAlive };

    /// <summary>Holds this moment.</summary>
    public static async Task<PointInTime> OpenAsync(
        ElasticsearchTransport transport,
        string alias,
        CancellationToken cancellationToken
    )
    {
        var (path, member) = transport.IsOpenSearch ? ("_search/point_in_time", "pit_id") : ("_pit", "id");
        using var answer = await transport.SendAsync(
            HttpMethod.Post,
            $"{alias}/{path}?keep_alive={KeepAlive}",
            cancellationToken
        );
        return new(transport, answer.Require("searches").Read(body => body.GetProperty(member).GetString()!));
    }

    /// <summary>Lets go of it; the server does so by itself after a while.</summary>
    public async ValueTask DisposeAsync()
    {
        var (path, body) = transport.IsOpenSearch
            ? ("_search/point_in_time", new JsonObject { ["pit_id"] = new JsonArray(id) })
            : ("_pit", new JsonObject { ["id"] = id });
        try
        {
            using var answer = await transport.SendAsync(
                HttpMethod.Delete,
                path,
                PaperJson.Bytes(body),
                "application/json",
                CancellationToken.None
            );
        }
        catch (StoreUnavailableException)
        {
            // What was read is right all the same.
        }
    }
}
