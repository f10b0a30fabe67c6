using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit;
using PaperPipeline.Contracts;

namespace PaperPipeline.ServiceDefaults.Messaging.Failures;

/// <summary>
/// What can be read of a failed message, member by member: one that no consumer can read may still say which digest and
/// entry it is about, and be taken apart.
/// </summary>
internal sealed class FailedEnvelope
{
    // In bytes. No message of ours is as large; one that is may have killed its worker by that.
    private const int Longest = 4 * 1024 * 1024;

    // The members in which a message carries its entries.
    private static readonly string[] Lists = ["entries", "papers"];

    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web);

    private readonly JsonObject? envelope;
    private readonly JsonObject? message;
    private readonly string? list;

    private FailedEnvelope(JsonObject? envelope)
    {
        this.envelope = envelope;
        message = envelope?["message"] as JsonObject;
        list = Lists.FirstOrDefault(name => message?[name] is JsonArray);
    }

    /// <summary>The name of the message's type, such as <c>PapersParsed</c>; null when it does not say.</summary>
    public string? Type =>
        envelope?["messageType"] is JsonArray { Count: > 0 } types && Text(types[0]) is { } urn
            ? urn[(urn.LastIndexOf(':') + 1)..]
            : null;

    /// <summary>The digest; null when it does not say.</summary>
    public string? Digest => Text(message?["digest"]) is { Length: 64 } digest ? digest : null;

    /// <summary>The number of entries; null where it carries none.</summary>
    public int? Count => list is null ? null : message![list]!.AsArray().Count;

    /// <summary>The trace that it belongs to; null when it does not say.</summary>
    public string? TraceId => Text(message?["traceId"]) ?? Text(First?["traceId"]);

    /// <summary>The ordinal of its first entry.</summary>
    public int? Ordinal => First?["ordinal"] is JsonValue value && value.TryGetValue<int>(out var n) ? n : null;

    /// <summary>The version of the parser that read its first entry; 0 when it does not say.</summary>
    public int ParserVersion =>
        First?["parserVersion"] is JsonValue value && value.TryGetValue<int>(out var version) ? version : 0;

    /// <summary>The title of its first entry.</summary>
    public string? Title => Text(First?["title"]);

    /// <summary>The first entry, where it is sound.</summary>
    public Entry? Entry => Read<Entry>(First);

    /// <summary>What was asked for, where the message is a request that is sound.</summary>
    public FetchSource? Request => Type == nameof(FetchSource) ? Read<FetchSource>(message) : null;

    /// <summary>What was to become a dead letter, where the message is one that is sound.</summary>
    public EntryRejected? Rejected => Type == nameof(EntryRejected) ? Read<EntryRejected>(message) : null;

    /// <summary>Reads a body; one that is no JSON object, or larger than any of ours, says nothing.</summary>
    public static FailedEnvelope Read(ReadOnlyMemory<byte> body)
    {
        if (body.Length > Longest)
            return new(null);
        try
        {
            return new(JsonNode.Parse(body.Span) as JsonObject);
        }
        // Also an object with the same member twice, which only shows when it is looked into.
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            return new(null);
        }
    }

    /// <summary>A message as the bus would send it.</summary>
    public static byte[] Wrap<T>(T message, DateTimeOffset now)
        where T : class =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                messageId = NewId.NextGuid(),
                messageType = (string[])[MessageUrn.ForTypeString<T>()],
                sentTime = now,
                message,
            },
            Wire
        );

    /// <summary>The same message once for each of its entries.</summary>
    public IReadOnlyList<byte[]> TakeApart()
    {
        var entries = message![list!]!.AsArray().Select(e => e?.ToJsonString()).ToList();
        var apart = new List<byte[]>(entries.Count);
        foreach (var entry in entries)
        {
            message[list!] = new JsonArray(entry is null ? null : JsonNode.Parse(entry));
            envelope!["messageId"] = NewId.NextGuid().ToString();
            apart.Add(Encoding.UTF8.GetBytes(envelope.ToJsonString()));
        }
        return apart;
    }

    private JsonObject? First =>
        list is not null && message![list] is JsonArray { Count: > 0 } entries && entries[0] is JsonObject first
            ? list == "papers"
                ? first["entry"] as JsonObject
                : first
            : null;

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static T? Read<T>(JsonNode? node)
        where T : class
    {
        try
        {
            return node?.Deserialize<T>(Wire);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
