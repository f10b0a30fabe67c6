using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PaperPipeline.IntegrationTests.Storage.Contract;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>Answers as they come out of trouble.</summary>
internal static class FaultAnswers
{
    /// <summary>Gives an answer of the server as it comes out of such trouble.</summary>
    public static async Task DamageAsync(HttpContext context, Fault fault, int status, byte[] answer)
    {
        switch (fault)
        {
            case Fault.ResetAfter:
                context.Abort();
                return;
            case Fault.NoAnswer:
                // What was sent is done; only the one who sent it does not learn of it before it gives up.
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
                return;
            case Fault.CutAnswer:
                context.Response.StatusCode = status;
                context.Response.ContentLength = answer.Length;
                await context.Response.Body.WriteAsync(answer.AsMemory(0, answer.Length / 2));
                await context.Response.Body.FlushAsync();
                context.Abort();
                return;
            case Fault.CutChunks:
                context.Response.StatusCode = status;
                await context.Response.Body.WriteAsync(answer.AsMemory(0, answer.Length / 2));
                await context.Response.Body.FlushAsync();
                context.Abort();
                return;
            case Fault.CutPacking:
                var packed = Pack(answer);
                context.Response.Headers.ContentEncoding = "gzip";
                await ReplyAsync(context, status, packed[..(packed.Length / 2)]);
                return;
            case Fault.PartMissing:
                await ReplyAsync(context, status, Encoding.UTF8.GetBytes(WithoutPart(JsonNode.Parse(answer)!)));
                return;
            case Fault.WrongPacking:
                context.Response.Headers.ContentEncoding = "gzip";
                await ReplyAsync(context, status, answer);
                return;
            case Fault.NoJson or Fault.Empty or Fault.OddAnswer:
                var text = fault switch
                {
                    Fault.NoJson => "not json {",
                    Fault.Empty => "",
                    _ => "[7]",
                };
                await ReplyAsync(context, 200, Encoding.UTF8.GetBytes(text));
                return;
        }
        var json = JsonNode.Parse(answer)!;
        if (json["items"] is JsonArray { Count: > 0 } items)
        {
            if (fault == Fault.MissingItem)
                items.RemoveAt(items.Count - 1);
            else if (fault == Fault.SwappedItems)
                json["items"] = new JsonArray([.. items.Reverse().Select(item => item!.DeepClone())]);
            else
                items[0] = new JsonObject { ["create"] = new JsonObject { ["status"] = "fine" } };
        }
        await ReplyAsync(context, status, Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    private static byte[] Pack(byte[] answer)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(answer);
        return packed.ToArray();
    }

    private static string WithoutPart(JsonNode answer)
    {
        if (answer["docs"] is JsonArray { Count: > 0 } documents)
            documents[0] = new JsonObject
            {
                ["_index"] = "papers",
                ["_id"] = documents[0]!["_id"]!.DeepClone(),
                ["error"] = Error("no_shard_available_action_exception"),
            };
        else if (answer["_shards"] is JsonObject shards)
            shards["failed"] = 1;
        return answer.ToJsonString();
    }

    /// <summary>An answer without an end.</summary>
    public static async Task FloodAsync(HttpContext context, bool packed)
    {
        var chunk = new byte[1 << 20];
        chunk.AsSpan().Fill((byte)' ');
        if (packed)
            context.Response.Headers.ContentEncoding = "gzip";
        Stream body = packed ? new GZipStream(context.Response.Body, CompressionLevel.Fastest) : context.Response.Body;
        try
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await body.WriteAsync(chunk, context.RequestAborted);
                await body.FlushAsync(context.RequestAborted);
            }
        }
        catch (Exception left) when (left is OperationCanceledException or IOException)
        {
            // Who asked has heard enough.
        }
        context.Abort();
    }

    /// <summary>An error for a whole request.</summary>
    public static Task FailAsync(HttpContext context, int status, string type) =>
        FailAsync(context, status, Error(type));

    /// <summary>A breaker that a request will never pass.</summary>
    public static Task BreakAsync(HttpContext context, int wanted, int limit)
    {
        var error = Error("circuit_breaking_exception");
        (error["bytes_wanted"], error["bytes_limit"]) = (wanted, limit);
        return FailAsync(context, 429, error);
    }

    private static Task FailAsync(HttpContext context, int status, JsonObject error) =>
        ReplyAsync(
            context,
            status,
            Checked(
                "bulk",
                status,
                Encoding.UTF8.GetBytes(new JsonObject { ["error"] = error, ["status"] = status }.ToJsonString())
            )
        );

    /// <summary>What is made up must look like an answer of the real server.</summary>
    public static byte[] Checked(string operation, int status, byte[] body)
    {
        Assert.Empty(ApiContract.All.SelectMany(contract => contract.FaultsOfAnswer(operation, status, body)));
        return body;
    }

    /// <summary>What a bulk answers for an operation that fails.</summary>
    public static JsonNode Item(string operation, int status, string type)
    {
        var (action, condition) = JsonNode.Parse(operation.Split('\n')[0])!.AsObject().Single();
        return new JsonObject
        {
            [action] = new JsonObject
            {
                ["_index"] = "papers-v0001",
                ["_id"] = condition!["_id"]!.DeepClone(),
                ["status"] = status,
                ["error"] = Error(type),
            },
        };
    }

    public static JsonObject Error(string type) =>
        new()
        {
            ["type"] = type,
            ["reason"] = "made up",
            ["durability"] = "PERMANENT",
        };

    public static async Task ReplyAsync(HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    }
}
