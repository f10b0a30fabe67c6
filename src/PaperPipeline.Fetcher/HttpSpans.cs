using System.Diagnostics;
using System.Globalization;
using System.Net;
using PaperPipeline.ServiceDefaults.Telemetry;

namespace PaperPipeline.Fetcher;

/// <summary>The spans of requests to sources, by the semantic conventions of HTTP clients.</summary>
internal static class HttpSpans
{
    /// <summary>Starts the span of one request below the current span; null when nobody listens.</summary>
    /// <param name="address">Where it goes.</param>
    /// <param name="hop">How many redirects led there.</param>
    public static Activity? Start(Uri address, int hop)
    {
        var span = PipelineTelemetry
            .Source.StartActivity("GET", ActivityKind.Client)
            ?.SetTag("http.request.method", "GET")
            .SetTag("url.full", HttpSource.Show(address))
            .SetTag("server.address", address.Host)
            .SetTag("server.port", address.Port);
        return hop == 0 ? span : span?.SetTag("http.request.resend_count", hop);
    }

    /// <summary>Notes the status of the answer.</summary>
    public static void Answered(Activity? span, HttpStatusCode status)
    {
        span?.SetTag("http.response.status_code", (int)status);
        if ((int)status < 400)
            return;
        span?.SetTag("error.type", ((int)status).ToString(CultureInfo.InvariantCulture));
        span?.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Notes that there was no answer.</summary>
    public static void Failed(Activity? span, Exception failure)
    {
        span?.SetTag("error.type", (failure.InnerException ?? failure).GetType().FullName);
        span?.SetStatus(ActivityStatusCode.Error, failure.Message);
    }
}
