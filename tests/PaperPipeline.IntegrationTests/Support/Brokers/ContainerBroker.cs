using DotNet.Testcontainers.Builders;
using Testcontainers.RabbitMq;

namespace PaperPipeline.IntegrationTests.Support.Brokers;

/// <summary>RabbitMQ's own image, where Debian's package is not installed.</summary>
internal sealed class ContainerBroker : Broker
{
    private readonly RabbitMqContainer _container;

    private ContainerBroker(RabbitMqContainer container) => _container = container;

    public override Uri Address => new(_container.GetConnectionString());

    /// <summary>Starts it; null where there is no Docker.</summary>
    public static async Task<ContainerBroker?> TryStartAsync()
    {
        try
        {
            var container = new RabbitMqBuilder("rabbitmq:4.2").WithUsername("guest").WithPassword("guest").Build();
            await container.StartAsync();
            return new ContainerBroker(container);
        }
        catch (DockerUnavailableException)
        {
            return null;
        }
    }

    public override async Task<string> ControlAsync(params string[] arguments)
    {
        var run = await _container.ExecAsync(["rabbitmqctl", .. arguments]);
        Assert.True(run.ExitCode == 0, $"rabbitmqctl {string.Join(' ', arguments)}: {run.Stdout}{run.Stderr}");
        return run.Stdout;
    }

    public override ValueTask DisposeAsync() => _container.DisposeAsync();
}
