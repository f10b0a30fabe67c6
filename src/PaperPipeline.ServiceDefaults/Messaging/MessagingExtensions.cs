using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>Sets the bus up, the same for every program.</summary>
public static class MessagingExtensions
{
    // A publish that came too late, or a moment without memory, is no fault of the message.
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromMilliseconds(100),
        TimeSpan.FromMilliseconds(500),
        TimeSpan.FromSeconds(2),
        TimeSpan.FromSeconds(5),
    ];

    /// <summary>Adds MassTransit with the consumers of the given stages.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="broker">An amqp(s) address; null is the in-memory transport.</param>
    /// <param name="program">What the broker shows of the connection.</param>
    /// <param name="inFlight">Greatest number of unsettled papers; null leaves it to the broker.</param>
    /// <param name="stages">Adds the consumers.</param>
    public static void AddMessaging(
        this IServiceCollection services,
        Uri? broker,
        string program,
        int? inFlight,
        Action<IBusRegistrationConfigurator> stages
    )
    {
        services.AddSingleton(new InFlightPapers(inFlight));
        services.AddSingleton<PipelinePublisher>();
        services
            .AddOptions<MassTransitHostOptions>()
            .Configure(options =>
            {
                options.WaitUntilStarted = broker is null;
                options.StartTimeout = TimeSpan.FromSeconds(30);
                options.StopTimeout = TimeSpan.FromSeconds(20);
                options.ConsumerStopTimeout = TimeSpan.FromSeconds(broker is null ? 3 : 10);
            });
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(60));
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetKebabCaseEndpointNameFormatter();
            stages(bus);
            bus.AddConfigureEndpointsCallback(
                (_, endpoint) =>
                    endpoint.UseMessageRetry(retry =>
                    {
                        retry.Intervals(Pauses);
                        // What is called off goes back to its queue.
                        retry.Ignore<OperationCanceledException>();
                    })
            );
            if (broker is not null)
                bus.UseBroker(broker, program);
            else
                bus.UsingInMemory(
                    (context, configurator) =>
                    {
                        configurator.ConfigureJsonSerializerOptions(Compact);
                        configurator.ConfigureEndpoints(context);
                    }
                );
        });
    }

    // Indented JSON is the default, and a quarter larger.
    internal static JsonSerializerOptions Compact(JsonSerializerOptions options)
    {
        options.WriteIndented = false;
        return options;
    }
}
