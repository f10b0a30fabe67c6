using System.Diagnostics;
using System.Diagnostics.Metrics;
using PaperPipeline.Contracts;

namespace PaperPipeline.ServiceDefaults.Telemetry;

/// <summary>The product's activity source and instruments. Names and units: docs/architecture.md.</summary>
public static class PipelineTelemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "PaperPipeline";

    /// <summary>Spans fetch, parse, enrich and index.</summary>
    public static readonly ActivitySource Source = new(Name);

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

    private static readonly Histogram<double> StageDuration = Meter.CreateHistogram(
        "paperpipeline.stage.duration",
        "s",
        "Time that a stage took for one message or one bulk.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        }
    );

    private static readonly Counter<long> DeadLetters = Meter.CreateCounter<long>(
        "paperpipeline.dead_letters",
        "{dead_letter}",
        "Dead letters written, by the stage that failed."
    );

    private static readonly Counter<long> Pauses = Meter.CreateCounter<long>(
        "paperpipeline.pauses",
        "{pause}",
        "Times that the indexer stopped taking messages because its index was in trouble."
    );

    private static readonly UpDownCounter<long> InFlight = Meter.CreateUpDownCounter<long>(
        "paperpipeline.papers.in_flight",
        "{paper}",
        "Papers parsed and not settled yet, in this process."
    );

    /// <summary>Counts papers of one stage; <paramref name="outcome"/> is <c>ok</c> or <c>failed</c>.</summary>
    public static void CountPapers(string stage, string outcome, long count) =>
        PapersCounter.Add(count, new("paperpipeline.stage", stage), new("paperpipeline.outcome", outcome));

    /// <summary>Counts the bytes of one archived digest.</summary>
    public static void CountBytes(long bytes) => DigestBytes.Add(bytes);

    /// <summary>Records how long a stage took.</summary>
    public static void RecordDuration(string stage, TimeSpan duration) =>
        StageDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("paperpipeline.stage", stage));

    /// <summary>Counts one dead letter.</summary>
    public static void CountDeadLetter(string stage) =>
        DeadLetters.Add(1, new KeyValuePair<string, object?>("paperpipeline.stage", stage));

    /// <summary>Counts one pause of the intake.</summary>
    public static void CountPause() => Pauses.Add(1);

    /// <summary>Moves the number of papers in flight.</summary>
    public static void MoveInFlight(long change) => InFlight.Add(change);

    /// <summary>
    /// Starts the span in which a digest is announced, in the trace of its retrieval: also when that was long ago, so
    /// that what becomes of a digest is one trace.
    /// </summary>
    public static Activity? ContinueRetrieval(DigestFetched fetched)
    {
        var trace = ActivityTraceId.CreateFromString(fetched.TraceId);
        var span = fetched.SpanId is { } id ? ActivitySpanId.CreateFromString(id) : ActivitySpanId.CreateRandom();
        var parent = new ActivityContext(trace, span, ActivityTraceFlags.Recorded, isRemote: true);
        return StartStage("announce", fetched.Digest, parent);
    }

    /// <summary>Starts the span of a stage for one digest.</summary>
    public static Activity? StartStage(string stage, string digest, ActivityContext parent = default)
    {
        var activity = Source.StartActivity(stage, ActivityKind.Internal, parent);
        activity?.SetTag("paperpipeline.digest.id", digest);
        return activity;
    }

    /// <summary>Starts the span of a stage for one paper, below the current span.</summary>
    public static Activity? StartPaper(string stage, string digest, int ordinal)
    {
        var activity = StartStage(stage, digest);
        activity?.SetTag("paperpipeline.entry.ordinal", ordinal);
        return activity;
    }
}
