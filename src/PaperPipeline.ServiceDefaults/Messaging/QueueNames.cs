using System.Globalization;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>The queues around the queue of a stage. Those with an underscore before a lower-case word hold what failed.</summary>
public static class QueueNames
{
    /// <summary>
    /// Messages under suspicion, taken one at a time: whatever kills the process then is known. Consumed by the stage itself.
    /// </summary>
    public static string Alone(string queue) => queue + "_alone";

    /// <summary>What was delivered too often without being settled.</summary>
    public static string Dead(string queue) => queue + "_dead";

    /// <summary>What a consumer gave up with an exception; MassTransit's name.</summary>
    public static string Error(string queue) => queue + "_error";

    /// <summary>What no consumer is meant for; MassTransit's name.</summary>
    public static string Skipped(string queue) => queue + "_skipped";

    /// <summary>What waits for another try; each delay has a queue of its own, so that none waits behind a longer one.</summary>
    public static string Retry(string queue, TimeSpan delay) =>
        string.Create(CultureInfo.InvariantCulture, $"{queue}_retry_{delay.TotalSeconds:0.###}s");

    /// <summary>The stage of a queue: fetch, parse, enrich or index.</summary>
    public static string Stage(string queue) => queue[(queue.LastIndexOf('-') + 1)..];
}
