namespace PaperPipeline.IntegrationTests.Support.Brokers;

/// <summary>
/// A broker that takes a message back, and closes the channel, when a consumer holds it for longer than
/// <see cref="Patience"/>; ordinary ones wait for half an hour.
/// </summary>
public sealed class ImpatientBroker : IAsyncLifetime
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private DebianBroker? _broker;
    private int _hosts;

    public async ValueTask InitializeAsync()
    {
        if (DebianBroker.IsInstalled)
            _broker = await DebianBroker.StartAsync($"consumer_timeout = {Patience.TotalMilliseconds:0}");
    }

    /// <summary>A virtual host that nobody has used.</summary>
    internal async Task<BrokerHost> NewHostAsync()
    {
        DebianBroker.Require();
        var name = $"test-{Interlocked.Increment(ref _hosts)}";
        await _broker!.AddVirtualHostsAsync([name]);
        return new BrokerHost(_broker, name);
    }

    public ValueTask DisposeAsync() => _broker?.DisposeAsync() ?? ValueTask.CompletedTask;
}
