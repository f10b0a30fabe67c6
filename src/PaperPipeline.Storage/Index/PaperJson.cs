using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index.Elasticsearch;
using PaperPipeline.Storage.Similarity;

namespace PaperPipeline.Storage.Index;

/// <summary>JSON as it is stored and exported: one line, camelCase, absent instead of null, times UTC with Z.</summary>
public static class PaperJson
{
    private static readonly StoreJson Json = new(Options());

    /// <summary>Options of that form, for what others write beside documents.</summary>
    public static JsonSerializerOptions Options() =>
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new UtcConverter() },
        };

    /// <summary>A document as one line of export.</summary>
    public static string Write(PaperDocument document) => JsonSerializer.Serialize(document, Json.PaperDocument);

    /// <summary>The state of a digest as one line.</summary>
    public static string Write(DigestStatus status) => JsonSerializer.Serialize(status, Json.DigestStatus);

    /// <summary>A dead letter as one line: its id, by which decision it is dismissed, then what failed.</summary>
    public static string Write(DeadLetter letter)
    {
        var json = JsonSerializer.SerializeToNode(letter.Rejected, Json.EntryRejected)!.AsObject();
        json.Insert(0, "id", letter.Id);
        if (letter.Dismissed is { } dismissed)
            json.Insert(1, "dismissed", dismissed);
        return json.ToJsonString(Json.Options);
    }

    /// <summary>A search answer as one line.</summary>
    public static string Write(SearchAnswer answer) => JsonSerializer.Serialize(answer, Json.SearchAnswer);

    /// <summary>A similar paper as one line.</summary>
    public static string Write(SimilarPaper paper) => JsonSerializer.Serialize(paper, Json.SimilarPaper);

    internal static string Write(Observation observation) => JsonSerializer.Serialize(observation, Json.Observation);

    /// <summary>What an observation says, without when it was made and what decisions make of it.</summary>
    internal static string WriteContent(Observation observation) =>
        Write(observation with { EnrichedAt = null, IndexedAt = null, Decided = null });

    /// <summary>A decision with its id as one line.</summary>
    public static string Write(DecisionMade decision) => JsonSerializer.Serialize(decision, Json.DecisionMade);

    internal static DecisionMade ReadDecision(string json) => JsonSerializer.Deserialize(json, Json.DecisionMade)!;

    internal static string Write(EntryRejected rejected) => JsonSerializer.Serialize(rejected, Json.EntryRejected);

    internal static byte[] Write(IReadOnlyList<Observation> observations) =>
        JsonSerializer.SerializeToUtf8Bytes(observations, Json.IReadOnlyListObservation);

    internal static IReadOnlyList<Observation> ReadObservations(byte[] json) =>
        JsonSerializer.Deserialize(json, Json.IReadOnlyListObservation)!;

    internal static IReadOnlyList<Observation> ReadObservations(JsonElement json) =>
        json.Deserialize(Json.IReadOnlyListObservation)!;

    internal static void Write(Utf8JsonWriter writer, PaperSource source) =>
        JsonSerializer.Serialize(writer, source, Json.PaperSource);

    internal static void Write(Utf8JsonWriter writer, PointerSource source) =>
        JsonSerializer.Serialize(writer, source, Json.PointerSource);

    internal static void Write(Utf8JsonWriter writer, DecisionsSource source) =>
        JsonSerializer.Serialize(writer, source, Json.DecisionsSource);

    internal static DecisionsSource ReadDecisions(JsonElement json) => json.Deserialize(Json.DecisionsSource)!;

    internal static void Write(Utf8JsonWriter writer, DigestSource source) =>
        JsonSerializer.Serialize(writer, source, Json.DigestSource);

    internal static string Write(IReadOnlyCollection<string> values) =>
        JsonSerializer.Serialize(values, Json.IReadOnlyCollectionString);

    internal static byte[] Write(LedgerRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, Json.LedgerRecord);

    internal static LedgerRecord ReadLedger(JsonElement json) => json.Deserialize(Json.LedgerRecord)!;

    internal static byte[] Write(DeadLetterSource source) =>
        JsonSerializer.SerializeToUtf8Bytes(source, Json.DeadLetterSource);

    internal static DeadLetterSource ReadDeadLetter(JsonElement json) => json.Deserialize(Json.DeadLetterSource)!;

    internal static byte[] Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, Json.JsonNode);

    internal static EntryRejected ReadRejected(string json) => JsonSerializer.Deserialize(json, Json.EntryRejected)!;

    private sealed class UtcConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime);
    }
}

[JsonSerializable(typeof(PaperDocument))]
[JsonSerializable(typeof(Observation))]
[JsonSerializable(typeof(IReadOnlyList<Observation>))]
[JsonSerializable(typeof(EntryRejected))]
[JsonSerializable(typeof(DecisionMade))]
[JsonSerializable(typeof(DigestStatus))]
[JsonSerializable(typeof(SearchAnswer))]
[JsonSerializable(typeof(SimilarPaper))]
[JsonSerializable(typeof(PaperSource))]
[JsonSerializable(typeof(PointerSource))]
[JsonSerializable(typeof(DecisionsSource))]
[JsonSerializable(typeof(DigestSource))]
[JsonSerializable(typeof(LedgerRecord))]
[JsonSerializable(typeof(DeadLetterSource))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(IReadOnlyCollection<string>))]
internal sealed partial class StoreJson : JsonSerializerContext;
