using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PaperPipeline.ServiceDefaults.Health;

/// <summary>Says what is wrong: the state, then a line for each check that is not healthy.</summary>
internal static class HealthAnswer
{
    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        var troubled = report
            .Entries.Where(check => check.Value.Status != HealthStatus.Healthy)
            .Select(check => $"{check.Key}: {check.Value.Description?.ReplaceLineEndings(" ") ?? "it failed"}");
        return context.Response.WriteAsync(string.Join('\n', troubled.Prepend(report.Status.ToString())) + "\n");
    }
}
