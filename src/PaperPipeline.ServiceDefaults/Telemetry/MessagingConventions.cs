using System.Diagnostics;
using OpenTelemetry;

namespace PaperPipeline.ServiceDefaults.Telemetry;

/// <summary>
/// Names on the bus's spans what the semantic conventions of messaging name today; what the bus calls them itself stays.
/// </summary>
internal sealed class MessagingConventions : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem("messaging.operation") is not string operation)
            return;
        data.SetTag("messaging.operation.name", operation);
        data.SetTag("messaging.operation.type", operation);
    }
}
