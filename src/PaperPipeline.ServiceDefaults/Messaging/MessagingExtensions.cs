using System.Text.Json.Serialization;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using PaperPipeline.ServiceDefaults.Health;
using PaperPipeline.ServiceDefaults.Messaging.Failures;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.ServiceDefaults.Telemetry;

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

    private static readonly TimeSpan ConsumerStopInMemory = TimeSpan.FromSeconds(3);

    /// <summary>Adds MassTransit on the in-memory transport, with the consumers of all stages.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="inFlight">Greatest number of unsettled papers.</param>
    /// <param name="stages">Adds the consumers.</param>
    public static void AddMessaging(
        this IServiceCollection services,
        int inFlight,
        Action<IBusRegistrationConfigurator> stages
    ) =>
        services.AddBus(
            inFlight,
            ConsumerStopInMemory,
            bus =>
            {
                stages(bus);
                bus.AddConfigureEndpointsCallback((_, endpoint) => UseRetry(endpoint));
                bus.UsingInMemory(
                    (context, configurator) =>
                    {
                        configurator.UseJson();
                        configurator.ConfigureEndpoints(context);
                    }
                );
            }
        );

    /// <summary>Adds MassTransit on a broker, which holds what nobody has taken yet.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="broker">How the broker is reached.</param>
    /// <param name="program">What the broker shows of the connection.</param>
    /// <param name="worker">Whose queue is consumed; null for a program that only publishes.</param>
    /// <param name="stage">Adds the consumers of the worker's stage.</param>
    public static void AddMessaging(
        this IServiceCollection services,
        BusAccess broker,
        string program,
        WorkerIdentity? worker,
        Action<IBusRegistrationConfigurator>? stage
    )
    {
        services.TryAddSingleton(new BrokerProbe(broker));
        services.AddSingleton<QueueWriter>();
        services.AddBus(
            null,
            // A worker lets go of its messages by itself, so that an endpoint may also be stopped without hurry.
            worker is null
                ? Drain.Patience
                : null,
            bus =>
            {
                stage?.Invoke(bus);
                // An endpoint that was stopped on purpose looks ill to the bus; a worker's own check knows better.
                bus.ConfigureHealthCheckOptions(options => options.Tags.Add("bus"));
                bus.UseBroker(broker, program, worker);
            }
        );
        if (worker is null)
            return;
        var consumers = services
            .Select(service => service.ServiceType)
            .Where(type => type.IsClass && type.IsAssignableTo(typeof(IConsumer)))
            .ToList();
        services.AddSingleton<Drain>();
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<WorkerEndpoints>(provider, (IReadOnlyList<Type>)consumers)
        );
        services.AddHostedService<FailedMessages>();
        // After the bus, so that it ends before it.
        services.AddHostedService<IntakeTurns>();
    }

    /// <summary>Tries a message again a few times at once, before it counts as failed.</summary>
    internal static void UseRetry(IConsumePipeConfigurator endpoint) =>
        endpoint.UseMessageRetry(retry =>
        {
            retry.Intervals(Pauses);
            retry.ConnectRetryObserver(new RetryTelemetry());
            // What is called off goes back to its queue.
            retry.Ignore<OperationCanceledException>();
            retry.Ignore<PutBackException>();
        });

    private static void AddBus(
        this IServiceCollection services,
        int? inFlight,
        TimeSpan? consumerStop,
        Action<IBusRegistrationConfigurator> transport
    )
    {
        services.AddSingleton(new InFlightPapers(inFlight));
        services.AddSingleton<PipelinePublisher>();
        services.AddMessageTelemetry();
        services
            .AddOptions<MassTransitHostOptions>()
            .Configure(options =>
            {
                options.WaitUntilStarted = inFlight is not null;
                options.StartTimeout = TimeSpan.FromSeconds(30);
                options.StopTimeout = Drain.LastPatience;
                options.ConsumerStopTimeout = consumerStop;
            });
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(60));
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetKebabCaseEndpointNameFormatter();
            transport(bus);
        });
    }

    /// <summary>
    /// Writes messages without indentation and without what is not known, either of which makes them a quarter larger by
    /// default, and reads them fast.
    /// </summary>
    internal static void UseJson(this IBusFactoryConfigurator bus)
    {
        bus.ConfigureJsonSerializerOptions(options =>
        {
            options.WriteIndented = false;
            options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            return options;
        });
        bus.AddDeserializer(new EnvelopeDeserializer(), isDefault: true);
    }
}
