using System.Text.Json;
using System.Text.Json.Nodes;
using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>
/// Title and abstract as a paper's document has them. Most observations say just these, so they are left out there: text
/// that is said twice is most of what a document weighs.
/// </summary>
/// <param name="Original">As the source wrote them.</param>
/// <param name="Clean">The clean ones.</param>
internal sealed record DocumentText(OriginalText Original, OriginalText Clean)
{
    /// <summary>The members of a document from which <see cref="ReadObservations"/> reads.</summary>
    public static JsonArray Members => ["observations", "sameText", "title", "abstract", "original"];

    /// <summary>True when the observation says nothing else.</summary>
    public bool IsOf(Observation observation)
    {
        var (entry, enrichment) = (observation.Entry, observation.Enrichment);
        return entry.Title == Original.Title
            && entry.Abstract == Original.Abstract
            && (
                enrichment.Title is null
                    ? enrichment.Abstract is null
                    : enrichment.Title == Clean.Title && enrichment.Abstract == Clean.Abstract
            );
    }

    /// <summary>The observation without what the document says.</summary>
    public static Observation Take(Observation observation) => With(observation, new("", null), new("", null));

    /// <summary>The observation as it was before <see cref="Take"/>.</summary>
    public Observation GiveBack(Observation observation) => With(observation, Original, Clean);

    /// <summary>The observations of a document, whole; none where it is no paper.</summary>
    /// <param name="source">The document, or its <see cref="Members"/>.</param>
    public static IReadOnlyList<Observation> ReadObservations(JsonElement source)
    {
        if (!source.TryGetProperty("observations", out var stored))
            return [];
        var observations = PaperJson.ReadObservations(stored);
        if (!source.TryGetProperty("sameText", out var same))
            return observations;
        var clean = Read(source);
        var text = new DocumentText(
            source.TryGetProperty("original", out var original) ? Read(original) : clean,
            clean
        );
        var whole = observations.ToArray();
        foreach (var number in same.EnumerateArray().Select(n => n.GetInt32()))
            whole[number] = text.GiveBack(whole[number]);
        return whole;
    }

    // No title of an enrichment means that what the source wrote is clean.
    private static Observation With(Observation observation, OriginalText original, OriginalText clean) =>
        observation with
        {
            Entry = observation.Entry with { Title = original.Title, Abstract = original.Abstract },
            Enrichment = observation.Enrichment.Title is null
                ? observation.Enrichment
                : observation.Enrichment with
                {
                    Title = clean.Title,
                    Abstract = clean.Abstract,
                },
        };

    private static OriginalText Read(JsonElement text) =>
        new(
            text.GetProperty("title").GetString()!,
            text.TryGetProperty("abstract", out var found) ? found.GetString() : null
        );
}
