using System.Globalization;
using PaperPipeline.IntegrationTests.Support.Brokers;

[assembly: AssemblyFixture(typeof(SharedBroker))]

namespace PaperPipeline.IntegrationTests.Support.Brokers;

/// <summary>
/// One broker for all tests that do not harm it, started when the first asks; each gets a virtual host of its own. Tests are
/// skipped where there is neither Debian's package nor Docker.
/// </summary>
public sealed class SharedBroker : IAsyncDisposable
{
    private const int Hosts = 64;

    private readonly Lazy<Task<Broker?>> _broker = new(StartAsync);
    private int _next;

    /// <summary>A virtual host that nobody has used.</summary>
    internal async Task<BrokerHost> NewHostAsync()
    {
        var broker = await _broker.Value;
        Assert.SkipWhen(broker is null, "there is no broker: install Debian's package rabbitmq-server, or Docker");
        var number = Interlocked.Increment(ref _next);
        if (number > Hosts)
            await broker.AddVirtualHostsAsync([Name(number)]);
        return new BrokerHost(broker, Name(number));
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker.IsValueCreated && await _broker.Value is { } broker)
            await broker.DisposeAsync();
    }

    private static async Task<Broker?> StartAsync()
    {
        Broker? broker = DebianBroker.IsInstalled
            ? await DebianBroker.StartAsync()
            : await ContainerBroker.TryStartAsync();
        // All at once, because each call of the control program costs a second.
        if (broker is not null)
            await broker.AddVirtualHostsAsync(Enumerable.Range(1, Hosts).Select(Name));
        return broker;
    }

    private static string Name(int number) => "test-" + number.ToString(CultureInfo.InvariantCulture);
}
