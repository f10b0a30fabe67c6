using System.Diagnostics.Metrics;

namespace PaperPipeline.ServiceDefaults.Telemetry;

public static partial class PipelineTelemetry
{
    private const string StageKey = "paperpipeline.stage";
    private const string OutcomeKey = "paperpipeline.outcome";
    private const string ErrorKey = "error.type";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> PapersCounter = Meter.CreateCounter<long>(
        "paperpipeline.papers",
        "{paper}",
        "Papers that a stage settled, by stage and outcome."
    );

    private static readonly Counter<long> DigestBytes = Meter.CreateCounter<long>(
        "paperpipeline.digest.size",
        "By",
        "Bytes of digests archived."
    );

    private static readonly Counter<long> ReceivedBytes = Meter.CreateCounter<long>(
        "paperpipeline.received.size",
        "By",
        "Bytes of the messages that a stage took, repeated deliveries included."
    );

    private static readonly UpDownCounter<long> MessagesInFlight = Meter.CreateUpDownCounter<long>(
        "paperpipeline.messages.in_flight",
        "{message}",
        "Messages that a stage works on now, in this process."
    );

    private static readonly Histogram<double> StageDuration = Meter.CreateHistogram(
        "paperpipeline.stage.duration",
        "s",
        "Time that a stage took for one message or one bulk.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        }
    );

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "paperpipeline.retries",
        "{retry}",
        "Attempts that failed and are made again, by stage."
    );

    private static readonly Counter<long> DeadLetters = Meter.CreateCounter<long>(
        "paperpipeline.dead_letters",
        "{dead_letter}",
        "Dead letters written, by the stage that failed and by kind."
    );

    private static readonly Counter<long> Pauses = Meter.CreateCounter<long>(
        "paperpipeline.pauses",
        "{pause}",
        "Times that the indexer stopped taking messages because its index was in trouble."
    );

    private static readonly UpDownCounter<long> InFlight = Meter.CreateUpDownCounter<long>(
        "paperpipeline.papers.in_flight",
        "{paper}",
        "Papers parsed and not settled yet, where all stages run in this process."
    );

    private static readonly Histogram<long> BulkSize = Meter.CreateHistogram(
        "paperpipeline.bulk.size",
        "{paper}",
        "Papers written to the index together.",
        advice: new InstrumentAdvice<long>
        {
            HistogramBucketBoundaries = [1, 2, 5, 10, 25, 50, 100, 200, 300, 400, 500, 750, 1000, 2000],
        }
    );

    private static readonly Histogram<double> SearchableLatency = Meter.CreateHistogram(
        "paperpipeline.searchable.latency",
        "s",
        "Time from the retrieval of a digest until each of its papers was durable in the index.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
            [
                0.1,
                0.25,
                0.5,
                1,
                2.5,
                5,
                10,
                30,
                60,
                300,
                900,
                3600,
                4 * 3600,
                24 * 3600,
                7 * 24 * 3600,
            ],
        }
    );

    /// <summary>
    /// Begins what a stage counts at 0: a count that appears with its first event looks as if it had always been there, and
    /// nobody is told of that event.
    /// </summary>
    internal static void Begin(string stage)
    {
        Retries.Add(0, Of(stage));
        MessagesInFlight.Add(0, Of(stage));
        if (stage == "fetch")
            DigestBytes.Add(0, Of(stage));
        else
            foreach (var outcome in (string[])["ok", "failed"])
                CountPapers(stage, outcome, 0);
        if (stage == "parse")
            InFlight.Add(0, Of(stage));
        if (stage != "index")
            return;
        Pauses.Add(0, Of(stage));
        foreach (var (failed, kind) in Messaging.RejectionKind.ByStage)
            DeadLetters.Add(0, Of(failed), new(ErrorKey, kind));
    }

    /// <summary>Counts papers of one stage; <paramref name="outcome"/> is <c>ok</c> or <c>failed</c>.</summary>
    public static void CountPapers(string stage, string outcome, long count) =>
        PapersCounter.Add(count, new(StageKey, stage), new(OutcomeKey, outcome));

    /// <summary>Counts the bytes of one archived digest.</summary>
    public static void CountBytes(long bytes) => DigestBytes.Add(bytes, Of("fetch"));

    /// <summary>Counts the bytes of one message that a stage took.</summary>
    internal static void CountReceived(string stage, long bytes) => ReceivedBytes.Add(bytes, Of(stage));

    /// <summary>Moves the number of messages that a stage works on.</summary>
    internal static void MoveMessages(string stage, long change) => MessagesInFlight.Add(change, Of(stage));

    /// <summary>Records how long a stage took.</summary>
    public static void RecordDuration(string stage, TimeSpan duration) =>
        StageDuration.Record(duration.TotalSeconds, Of(stage));

    /// <summary>Counts one attempt that failed and is made again.</summary>
    public static void CountRetry(string stage) => Retries.Add(1, Of(stage));

    /// <summary>Counts one dead letter; <paramref name="kind"/> is one of <see cref="Messaging.RejectionKind.All"/>.</summary>
    public static void CountDeadLetter(string stage, string kind) => DeadLetters.Add(1, Of(stage), new(ErrorKey, kind));

    /// <summary>Counts one pause of the intake.</summary>
    public static void CountPause() => Pauses.Add(1, Of("index"));

    /// <summary>Moves the number of papers in flight.</summary>
    public static void MoveInFlight(long change) => InFlight.Add(change, Of("parse"));

    /// <summary>Records how many papers were written to the index together.</summary>
    public static void RecordBulk(int papers) => BulkSize.Record(papers, Of("index"));

    /// <summary>True when somebody wants to know how long papers take to be searchable.</summary>
    public static bool WantsLatency => SearchableLatency.Enabled;

    /// <summary>Records how long one paper took to be searchable.</summary>
    public static void RecordLatency(TimeSpan sinceRetrieval) =>
        SearchableLatency.Record(Math.Max(0, sinceRetrieval.TotalSeconds), Of("index"));

    private static KeyValuePair<string, object?> Of(string stage) => new(StageKey, stage);
}
