using MassTransit.Logging;
using MassTransit.Monitoring;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace PaperPipeline.ServiceDefaults.Telemetry;

/// <summary>Sets telemetry up, the same for every program.</summary>
public static class TelemetryExtensions
{
    /// <summary>
    /// Exports traces, metrics and logs over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set and not blank;
    /// nothing otherwise, because the exporter would then try localhost.
    /// </summary>
    /// <param name="builder">The program.</param>
    /// <param name="serviceName">The <c>service.name</c> unless <c>OTEL_SERVICE_NAME</c> says otherwise.</param>
    public static void AddTelemetry(this IHostApplicationBuilder builder, string serviceName)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(r => r.AddService(serviceName, "paperpipeline").AddEnvironmentVariableDetector())
            .WithTracing(t => t.AddSource(PipelineTelemetry.Name, DiagnosticHeaders.DefaultListenerName))
            .WithMetrics(m =>
                m.AddMeter(PipelineTelemetry.Name, InstrumentationOptions.MeterName).AddRuntimeInstrumentation()
            )
            .UseOtlpExporter();
    }
}
