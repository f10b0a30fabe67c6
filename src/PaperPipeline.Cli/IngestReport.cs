using System.Text.Json;
using System.Text.Json.Serialization;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>Says what became of an ingest, and gives the exit code.</summary>
internal static class IngestReport
{
    /// <summary>Everything is settled, or not: a line for what went wrong each, then the counts.</summary>
    public static async Task<int> WriteAsync(IngestOutcome outcome, bool json)
    {
        await WriteAsync(outcome.Failures, outcome.Stuck);
        foreach (var digest in outcome.Digests.Where(d => d.Open > 0))
            await Console.Error.WriteLineAsync(
                $"{digest.Name} has {Count(digest.Open, "dead letter")}: see `paperpipeline dead-letters list`."
            );
        if (json)
            foreach (var digest in outcome.Digests)
                await Console.Out.WriteLineAsync(PaperJson.Write(digest));
        else
            await Console.Out.WriteLineAsync(Summary(outcome.Digests));
        return outcome switch
        {
            { Stuck: not null } or { Failures.Count: > 0 } => ExitCode.Failed,
            _ when outcome.Digests.Any(d => d.Open > 0) => ExitCode.DeadLetters,
            _ => ExitCode.Done,
        };
    }

    /// <summary>Everything was handed over, or not: as JSON the messages themselves.</summary>
    public static async Task<int> WriteAsync(HandOver given, bool json)
    {
        await WriteAsync(given.Failures, given.Stuck);
        if (json)
        {
            foreach (var digest in given.Digests)
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(digest, MessageJson.Default.DigestFetched));
            foreach (var address in given.Addresses)
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(address, MessageJson.Default.FetchSource));
        }
        else
        {
            var addresses =
                given.Addresses.Count == 0 ? "" : $", {Count(given.Addresses.Count, "address", "addresses")}";
            await Console.Out.WriteLineAsync($"{Count(given.Digests.Count, "digest")}{addresses} handed over");
        }
        return given is { Stuck: not null } or { Failures.Count: > 0 } ? ExitCode.Failed : ExitCode.Done;
    }

    private static async Task WriteAsync(IReadOnlyList<string> failures, string? stuck)
    {
        foreach (var failure in failures)
            await Console.Error.WriteLineAsync(failure);
        if (stuck is not null)
            await Console.Error.WriteLineAsync(stuck);
    }

    private static string Summary(IReadOnlyList<DigestStatus> digests) =>
        $"{Count(digests.Count, "digest")}, {Count(digests.Sum(d => d.Papers), "paper")}: "
        + $"{digests.Sum(d => d.Indexed)} indexed, {Count(digests.Sum(d => d.Dead), "dead letter")}";

    /// <summary>A number with its noun.</summary>
    public static string Count(int number, string noun, string? nouns = null) =>
        $"{number} {(number == 1 ? noun : nouns ?? noun + "s")}";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(DigestFetched))]
[JsonSerializable(typeof(FetchSource))]
internal sealed partial class MessageJson : JsonSerializerContext;
