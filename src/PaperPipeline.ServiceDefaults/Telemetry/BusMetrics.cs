using System.Diagnostics.Metrics;
using MassTransit.Monitoring;
using OpenTelemetry.Metrics;

namespace PaperPipeline.ServiceDefaults.Telemetry;

/// <summary>
/// Which of the bus's own metrics are exported. Of the others some are about what is not used here; what fails in sending is
/// a retry of ours.
/// </summary>
internal static class BusMetrics
{
    private static readonly HashSet<string> Exported = new(StringComparer.Ordinal)
    {
        "messaging.masstransit.receive",
        "messaging.masstransit.receive.active",
        "messaging.masstransit.receive.duration",
        "messaging.masstransit.consume",
        "messaging.masstransit.consume.active",
        "messaging.masstransit.consume.duration",
        "messaging.masstransit.consume.errors",
        "messaging.masstransit.consume.retries",
        "messaging.masstransit.delivery.duration",
        "messaging.masstransit.send",
    };

    /// <summary>How an instrument is exported; null for as it is.</summary>
    public static MetricStreamConfiguration? ViewOf(Instrument instrument) =>
        instrument.Meter.Name == InstrumentationOptions.MeterName && !Exported.Contains(instrument.Name)
            ? MetricStreamConfiguration.Drop
            : null;
}
