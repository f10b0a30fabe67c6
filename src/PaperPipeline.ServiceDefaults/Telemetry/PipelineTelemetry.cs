using System.Diagnostics;
using PaperPipeline.Contracts;

namespace PaperPipeline.ServiceDefaults.Telemetry;

/// <summary>The product's spans and instruments. Names, links and units: docs/architecture.md.</summary>
public static partial class PipelineTelemetry
{
    /// <summary>Name of the activity source and of the meter, and the beginning of the names of further sources.</summary>
    public const string Name = "PaperPipeline";

    // What the exporter keeps of a span; more would only fill the memory.
    private const int MostEvents = 128;
    private const string Events = "paperpipeline.events";

    /// <summary>Spans fetch, announce, parse, enrich and index, and the writes of bulks.</summary>
    public static readonly ActivitySource Source = new(Name);

    /// <summary>
    /// Starts the span in which a digest is announced, in the trace of its retrieval: also when that was long ago, so
    /// that what becomes of a digest is one trace.
    /// </summary>
    public static Activity? ContinueRetrieval(DigestFetched fetched) =>
        StartStage("announce", fetched.Digest, RetrievalOf(fetched));

    /// <summary>Links the span of a retrieval to the one that counts, where the digest was known already.</summary>
    public static void LinkRetrieval(Activity? span, DigestFetched fetched)
    {
        if (span is { Recorded: true } && fetched is { SpanId: { } first, Sampled: not false })
            if (first != span.SpanId.ToHexString())
                span.AddLink(new ActivityLink(RetrievalOf(fetched)));
    }

    // A retrieval that was not traced has no span to be below: what follows begins its trace.
    private static ActivityContext RetrievalOf(DigestFetched fetched) =>
        new(
            ActivityTraceId.CreateFromString(fetched.TraceId),
            fetched.SpanId is { } id ? ActivitySpanId.CreateFromString(id) : default,
            fetched.Sampled is false ? ActivityTraceFlags.None : ActivityTraceFlags.Recorded,
            isRemote: true
        );

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

    /// <summary>Starts a span below that in which a message was sent; a root where the message does not say.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="sender">The sender's span as the message carries it, in the form of <c>traceparent</c>.</param>
    internal static Activity? ContinueMessage(string name, string? sender)
    {
        var parent = ActivityContext.TryParse(sender, null, isRemote: true, out var known) ? known : default;
        return Source.StartActivity(name, ActivityKind.Internal, parent);
    }

    /// <summary>Notes on the current span that something is tried again, and counts it.</summary>
    /// <param name="stage">The stage: fetch, parse, enrich or index.</param>
    /// <param name="failure">Why the attempt before failed.</param>
    public static void NoteRetry(string stage, Exception failure) =>
        NoteRetry(stage, failure.GetType().FullName, failure.Message);

    /// <summary>Notes on the current span that something is tried again, and counts it.</summary>
    /// <param name="stage">The stage: fetch, parse, enrich or index.</param>
    /// <param name="type">The kind of failure of the attempt before, where it is known.</param>
    /// <param name="reason">Why it failed, where it is known.</param>
    internal static void NoteRetry(string stage, string? type, string? reason)
    {
        CountRetry(stage);
        Note(Activity.Current, "paperpipeline.retry", ("exception.type", type), ("exception.message", reason));
    }

    /// <summary>Notes on a span that the intake stopped while it was under way.</summary>
    public static void NotePause(Activity? span, string reason) =>
        Note(span, "paperpipeline.pause", ("paperpipeline.reason", reason));

    /// <summary>Notes a dead letter on the current span.</summary>
    public static void NoteDeadLetter(EntryRejected rejected) =>
        Note(
            Activity.Current,
            "paperpipeline.dead_letter",
            ("paperpipeline.stage", rejected.Stage),
            ("paperpipeline.reason", rejected.Reason),
            ("paperpipeline.entry.ordinal", rejected.Ordinal),
            ("paperpipeline.entry.position", rejected.Position)
        );

    private static void Note(Activity? span, string name, params ReadOnlySpan<(string Key, object? Value)> attributes)
    {
        if (span is not { IsAllDataRequested: true })
            return;
        var noted = span.GetCustomProperty(Events) as int? ?? 0;
        if (noted >= MostEvents)
            return;
        span.SetCustomProperty(Events, noted + 1);
        var tags = new ActivityTagsCollection();
        foreach (var (key, value) in attributes)
            if (value is not null)
                tags.Add(key, value);
        span.AddEvent(new ActivityEvent(name, tags: tags));
    }
}
