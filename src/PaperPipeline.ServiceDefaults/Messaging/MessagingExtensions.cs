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

    /// <summary>Adds MassTransit on the in-memory transport with the consumers of the given stages.</summary>
    public static void AddMessaging(this IServiceCollection services, Action<IBusRegistrationConfigurator> stages)
    {
        services.AddSingleton<InFlightPapers>();
        services.AddSingleton<PipelinePublisher>();
        services
            .AddOptions<MassTransitHostOptions>()
            .Configure(options =>
            {
                options.WaitUntilStarted = true;
                options.StartTimeout = TimeSpan.FromSeconds(30);
                options.StopTimeout = TimeSpan.FromSeconds(10);
                options.ConsumerStopTimeout = TimeSpan.FromSeconds(3);
            });
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(60));
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetKebabCaseEndpointNameFormatter();
            stages(bus);
            bus.AddConfigureEndpointsCallback(
                (_, endpoint) => endpoint.UseMessageRetry(retry => retry.Intervals(Pauses))
            );
            bus.UsingInMemory(
                (context, configurator) =>
                {
                    configurator.ConfigureJsonSerializerOptions(options =>
                    {
                        options.WriteIndented = false;
                        return options;
                    });
                    configurator.ConfigureEndpoints(context);
                }
            );
        });
    }
}
