using System.Diagnostics;
using OpenTelemetry;

namespace PaperPipeline.ServiceDefaults.Telemetry;

/// <summary>
/// Names on the bus's spans what the semantic conventions of messaging name today, and what the bus says on some of them
/// only; what it says itself stays.
/// </summary>
internal sealed class MessagingConventions : BaseProcessor<Activity>
{
    private static readonly string[] Addresses =
    [
        "messaging.masstransit.input_address",
        "messaging.masstransit.source_address",
        "messaging.masstransit.destination_address",
    ];

    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem("messaging.operation") is not string operation)
            return;
        data.SetTag("messaging.operation.name", operation);
        data.SetTag("messaging.operation.type", operation);
        Complete(data, "messaging.system", SystemOf(data));
        // Spans are called after queue and operation.
        Complete(data, "messaging.destination.name", data.DisplayName.Split(' ')[0]);
        Complete(data, "messaging.message.id", data.GetTagItem("messaging.masstransit.message_id"));
    }

    private static void Complete(Activity span, string attribute, object? value)
    {
        if (span.GetTagItem(attribute) is null)
            span.SetTag(attribute, value);
    }

    private static string? SystemOf(Activity span)
    {
        foreach (var attribute in Addresses)
            if (span.GetTagItem(attribute)?.ToString() is { Length: > 0 } address)
                return address.StartsWith("loopback:", StringComparison.Ordinal) ? "in-memory" : "rabbitmq";
        return null;
    }
}
