using System.Diagnostics;
using System.Globalization;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>The spans of <c>_bulk</c> requests, by the semantic conventions of database clients. Bodies are not in them.</summary>
internal static class BulkSpans
{
    /// <summary>Name of the activity source.</summary>
    internal const string Name = "PaperPipeline.Storage";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>
    /// Starts the span of a bulk whose documents were given by many: the root of a trace of its own, with a link to what each
    /// was given in. It is current in the method that starts it.
    /// </summary>
    public static Activity? StartRoot(IndexIdentity index, IReadOnlyCollection<ActivityContext> causes)
    {
        Activity.Current = null;
        var links = causes.Where(cause => cause != default).Select(cause => new ActivityLink(cause));
        return Source
            .StartActivity("bulk", ActivityKind.Client, default(ActivityContext), null, links)
            ?.SetTag("db.system.name", index.System)
            .SetTag("db.operation.name", "bulk")
            .SetTag("db.operation.batch.size", causes.Count)
            .SetTag("server.address", index.Address)
            .SetTag("server.port", index.Port);
    }

    /// <summary>The current span, for a link to it; the default where none is recorded.</summary>
    public static ActivityContext Cause => Activity.Current is { Recorded: true } span ? span.Context : default;

    /// <summary>Starts the span of one request below the current span; null when nobody listens.</summary>
    /// <param name="system"><c>elasticsearch</c> or <c>opensearch</c>.</param>
    /// <param name="address">Where the request goes, without user and password.</param>
    /// <param name="alias">Where the documents go.</param>
    /// <param name="operations">How many they are.</param>
    public static Activity? Start(string system, Uri address, string alias, int operations)
    {
        var span = Source.StartActivity($"bulk {alias}", ActivityKind.Client);
        return span
            ?.SetTag("db.system.name", system)
            .SetTag("db.operation.name", "bulk")
            .SetTag("db.operation.batch.size", operations)
            .SetTag("db.collection.name", alias)
            .SetTag("http.request.method", "POST")
            .SetTag("url.full", address.AbsoluteUri)
            .SetTag("server.address", address.Host)
            .SetTag("server.port", address.Port);
    }

    /// <summary>Notes the status of the answer.</summary>
    public static void Answered(Activity? span, int status)
    {
        if (span is null)
            return;
        var code = status.ToString(CultureInfo.InvariantCulture);
        span.SetTag("db.response.status_code", code);
        if (status < 400)
            return;
        span.SetTag("error.type", code);
        span.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Notes that there was no answer.</summary>
    public static void Failed(Activity? span, Exception failure)
    {
        span?.SetTag("error.type", failure.GetType().FullName);
        span?.SetStatus(ActivityStatusCode.Error, failure.Message);
    }

    /// <summary>Notes on the current span that what the server put off is sent again.</summary>
    public static void Again(BulkResult worst)
    {
        if (Activity.Current is not { IsAllDataRequested: true } span)
            return;
        var code = worst.Status.ToString(CultureInfo.InvariantCulture);
        var tags = new ActivityTagsCollection
        {
            ["error.type"] = worst.Error.Type is { Length: > 0 } type ? type : code,
        };
        span.AddEvent(new ActivityEvent("paperpipeline.retry", tags: tags));
    }
}
