using MassTransit;
using MassTransit.Logging;
using MassTransit.Monitoring;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PaperPipeline.ServiceDefaults.Settings;

namespace PaperPipeline.ServiceDefaults.Telemetry;

/// <summary>Sets telemetry up, the same for every program.</summary>
public static class TelemetryExtensions
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// Exports traces, metrics and logs over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set and not blank;
    /// nothing otherwise, because the exporter would then try localhost.
    /// </summary>
    /// <param name="builder">The program.</param>
    /// <param name="serviceName">The <c>service.name</c> unless <c>OTEL_SERVICE_NAME</c> says otherwise.</param>
    /// <param name="stages">The stages that run in the program; what they count begins at 0.</param>
    /// <exception cref="SettingException">
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is no http(s) address, or <c>OTEL_TRACES_SAMPLER</c> no sampler.
    /// </exception>
    public static void AddTelemetry(
        this IHostApplicationBuilder builder,
        string serviceName,
        params IReadOnlyList<string> stages
    )
    {
        var endpoint = builder.Configuration[Endpoint];
        if (string.IsNullOrWhiteSpace(endpoint))
            return;
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new SettingException(
                $"{Endpoint} is '{endpoint}': it must be the http(s) address of a collector, such as http://localhost:4317."
            );
        TraceSampling.Require(builder.Configuration);
        AddLimits(builder.Configuration);
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        var version = typeof(TelemetryExtensions).Assembly.GetName().Version?.ToString(3);
        builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(r =>
                r.AddService(serviceName, "paperpipeline", version).AddEnvironmentVariableDetector()
            )
            .WithTracing(t =>
                t.AddSource(
                        PipelineTelemetry.Name,
                        PipelineTelemetry.Name + ".*",
                        DiagnosticHeaders.DefaultListenerName
                    )
                    .AddProcessor<MessagingConventions>()
            )
            .WithMetrics(m =>
                m.AddMeter(PipelineTelemetry.Name, InstrumentationOptions.MeterName)
                    .AddView(BusMetrics.ViewOf)
                    .AddRuntimeInstrumentation()
            )
            .UseOtlpExporter();
        // After the exporter, which must be there before anything is counted.
        builder.Services.AddHostedService(_ => new FirstCounts(stages));
    }

    private sealed class FirstCounts(IReadOnlyList<string> stages) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            foreach (var stage in stages)
                PipelineTelemetry.Begin(stage);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    // What the exporter keeps by default is too little for thousands of papers a second: what does not fit is lost.
    private static void AddLimits(IConfigurationManager settings)
    {
        const string links = "OTEL_SPAN_LINK_COUNT_LIMIT";
        const string queue = "OTEL_BSP_MAX_QUEUE_SIZE";
        const string batch = "OTEL_BSP_MAX_EXPORT_BATCH_SIZE";
        // A bulk has a link for each of its papers.
        settings[links] ??= "2000";
        // A batch must not be larger than the queue.
        if (settings[queue] is not null || settings[batch] is not null)
            return;
        settings[queue] = "32768";
        settings[batch] = "2048";
    }

    /// <summary>Logs to the console, a line each, with trace and span where there is one.</summary>
    public static ILoggingBuilder AddTracedConsole(this ILoggingBuilder logging) =>
        logging
            .Configure(options =>
                options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId
            )
            .AddSimpleConsole(console => (console.SingleLine, console.IncludeScopes) = (true, true));

    /// <summary>Measures what is taken from the bus.</summary>
    internal static void AddMessageTelemetry(this IServiceCollection services)
    {
        services.AddSingleton<MessageTelemetry>();
        services.AddReceiveObserver(provider => provider.GetRequiredService<MessageTelemetry>());
        services.AddConsumeObserver(provider => provider.GetRequiredService<MessageTelemetry>());
    }
}
