using System.Globalization;
using PaperPipeline.IntegrationTests.Support.Brokers;

[assembly: AssemblyFixture(typeof(SharedBroker))]

namespace PaperPipeline.IntegrationTests.Support.Brokers;

/// <summary>
/// Brokers for all tests that do not harm them; each test gets a virtual host of its own. A broker has few of them and ends
/// with them: each of thousands of idle queues costs it time, and one that is told to delete hosts with their queues can lose
/// the supervisor of its dead letters, after which it makes no queue any more. Tests are skipped where there is neither
/// Debian's package nor Docker.
/// </summary>
public sealed class SharedBroker : IAsyncDisposable
{
    private const int HostsOfOne = 12;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<Stock> _stocks = [];

    private sealed class Stock(Broker broker)
    {
        public Broker Broker { get; } = broker;
        public int Given { get; set; }
        public int Released { get; set; }
        public bool IsUsedUp => Released == HostsOfOne;
    }

    /// <summary>A virtual host that nobody has used.</summary>
    internal async Task<BrokerHost> NewHostAsync()
    {
        await _turn.WaitAsync();
        try
        {
            var stock = _stocks.Find(s => s.Given < HostsOfOne) ?? await StartAsync();
            Assert.SkipWhen(stock is null, "there is no broker: install Debian's package rabbitmq-server, or Docker");
            return new BrokerHost(stock!.Broker, Name(++stock.Given)) { Released = () => ReleaseAsync(stock) };
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stock in _stocks.Where(s => !s.IsUsedUp))
            await stock.Broker.DisposeAsync();
        _turn.Dispose();
    }

    private async Task ReleaseAsync(Stock stock)
    {
        await _turn.WaitAsync();
        try
        {
            stock.Released++;
            if (stock.IsUsedUp)
                await stock.Broker.DisposeAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<Stock?> StartAsync()
    {
        Broker? broker = DebianBroker.IsInstalled
            ? await DebianBroker.StartAsync()
            : await ContainerBroker.TryStartAsync();
        if (broker is null)
            return null;
        // All at once, because each call of the control program costs a second.
        await broker.AddVirtualHostsAsync(Enumerable.Range(1, HostsOfOne).Select(Name));
        var stock = new Stock(broker);
        _stocks.Add(stock);
        return stock;
    }

    private static string Name(int number) => "test-" + number.ToString(CultureInfo.InvariantCulture);
}
