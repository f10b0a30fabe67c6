using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>
/// OpenSearch behind what makes it look like Elasticsearch: it says so of itself, and points in time are asked for in
/// Elasticsearch's way. For want of the real one, this shows that the program takes that way.
/// </summary>
internal static class PosingServer
{
    private static readonly HttpClient Forward = new();

    public static Task<SourceServer> StartAsync(Uri server) =>
        SourceServer.StartAsync(context => AnswerAsync(context, server));

    private static async Task AnswerAsync(HttpContext context, Uri server)
    {
        var path = context.Request.Path.Value!;
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        if (path.Contains("point_in_time", StringComparison.Ordinal))
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync("{\"error\":\"no such thing in Elasticsearch\"}");
            return;
        }
        if (path == "/_pit")
            body = new JsonObject
            {
                ["pit_id"] = new JsonArray(JsonNode.Parse(body)!["id"]!.DeepClone()),
            }.ToJsonString();
        var target = path.Replace("/_pit", "/_search/point_in_time", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method),
            new Uri(server, target + context.Request.QueryString)
        );
        if (body.Length > 0)
            request.Content = new StringContent(body, Encoding.UTF8, context.Request.ContentType!.Split(';')[0]);
        using var answer = await Forward.SendAsync(request, context.RequestAborted);
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(context.RequestAborted))!;
        if (path == "/")
            json["version"] = new JsonObject { ["number"] = "8.19.0" };
        if (path.EndsWith("/_pit", StringComparison.Ordinal) && json["pit_id"] is { } id)
            json["id"] = id.DeepClone();
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json.ToJsonString(), context.RequestAborted);
    }
}
