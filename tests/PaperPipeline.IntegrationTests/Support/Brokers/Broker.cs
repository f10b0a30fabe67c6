using System.Text.Json;

namespace PaperPipeline.IntegrationTests.Support.Brokers;

/// <summary>A queue as the broker sees it; messages are those that wait and those that somebody holds.</summary>
internal sealed record Queue(string Name, int Messages, int Consumers);

/// <summary>A real RabbitMQ.</summary>
internal abstract class Broker : IAsyncDisposable
{
    /// <summary>Its address with user and password, without a virtual host.</summary>
    public abstract Uri Address { get; }

    /// <summary>The virtual host that each broker has.</summary>
    public BrokerHost Default => new(this, "/");

    /// <summary>Runs <c>rabbitmqctl</c> and gives what it wrote.</summary>
    public abstract Task<string> ControlAsync(params string[] arguments);

    /// <summary>All queues of a virtual host, by name. Lengths may be some seconds old.</summary>
    public virtual async Task<IReadOnlyList<Queue>> QueuesAsync(string virtualHost)
    {
        string[] columns = ["name", "messages", "consumers"];
        var json = await ControlAsync(["-q", "list_queues", "-p", virtualHost, .. columns, "--formatter", "json"]);
        return
        [
            .. JsonDocument
                .Parse(json)
                .RootElement.EnumerateArray()
                .Select(q => new Queue(Text(q, "name"), Number(q, "messages"), Number(q, "consumers")))
                .OrderBy(q => q.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>Makes virtual hosts that the broker's user may use.</summary>
    public Task AddVirtualHostsAsync(IEnumerable<string> names)
    {
        var list = string.Join(',', names.Select(name => $"<<\"{name}\">>"));
        var user = Address.UserInfo.Split(':')[0];
        return ControlAsync(
            "-q",
            "eval",
            $$"""
            lists:foreach(fun(V) ->
                rabbit_vhost:add(V, <<"test">>),
                rabbit_auth_backend_internal:set_permissions(<<"{{user}}">>, V, <<".*">>, <<".*">>, <<".*">>, <<"test">>)
            end, [{{list}}]).
            """
        );
    }

    public abstract ValueTask DisposeAsync();

    private static string Text(JsonElement queue, string column) => queue.GetProperty(column).GetString()!;

    // A queue that has just been made, or has no leader yet, has no figures.
    private static int Number(JsonElement queue, string column) =>
        queue.TryGetProperty(column, out var number) && number.ValueKind == JsonValueKind.Number
            ? number.GetInt32()
            : 0;
}
