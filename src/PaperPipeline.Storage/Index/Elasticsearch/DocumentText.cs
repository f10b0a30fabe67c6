using System.Text.Json;
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
    public static readonly IReadOnlyList<string> Members =
    [
        "observations",
        "sameText",
        "title",
        "abstract",
        "original",
    ];

    private static readonly OriginalText Nothing = new("", null);

    /// <summary>The observations without what the document says, and the places, from 0, of those that lack it.</summary>
    public (IReadOnlyList<Observation> Observations, IReadOnlyList<int> Places) TakeFrom(
        IReadOnlyList<Observation> observations
    )
    {
        var (rest, places) = (observations.ToArray(), new List<int>(observations.Count));
        for (var n = 0; n < rest.Length; n++)
            if (IsOf(rest[n]))
            {
                rest[n] = With(rest[n], Nothing, Nothing);
                places.Add(n);
            }
        return (rest, places);
    }

    // True when it says nothing else.
    private bool IsOf(Observation observation)
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
        var original = source.TryGetProperty("original", out var written) ? Read(written) : clean;
        var whole = observations.ToArray();
        foreach (var number in same.EnumerateArray().Select(n => n.GetInt32()))
            whole[number] = With(whole[number], original, clean);
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
