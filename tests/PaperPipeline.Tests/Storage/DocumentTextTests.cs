using System.Text.Json;
using CsCheck;
using PaperPipeline.Conformance;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.Tests.Storage;

public sealed class DocumentTextTests
{
    // As enrichers write it, who say nothing of a text that is clean, and as a message may say it.
    private static readonly Gen<IReadOnlyList<Observation>> Digests = Gen.Select(
            Observations.Digests,
            Gen.Int[0, 2].List[14]
        )
        .Select<(IReadOnlyList<Observation> All, List<int> Ways), IReadOnlyList<Observation>>(pair =>
            [.. pair.All.Zip(pair.Ways, Enriched)]
        );

    [Fact]
    public void What_a_document_leaves_out_of_its_observations_is_read_back_from_it()
    {
        Digests.Sample(all =>
        {
            foreach (var paper in Resolution.Resolve(all))
                Assert.Equal(
                    paper.Observations.Select(o => PaperJson.Write(o)),
                    DocumentText.ReadObservations(Source(paper)).Select(o => PaperJson.Write(o))
                );
        });
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("A clean title about lanterns", "A clean abstract.")]
    public void A_document_says_its_text_once_where_all_observations_say_the_same(string? title, string? text)
    {
        const string Written = "An abstract as it was written, which is long enough to be told apart.";
        var one = Observations.Of("d1", 1, "A title about lanterns, as it was written", text: Written);
        one = one with { Enrichment = one.Enrichment with { Title = title, Abstract = text } };
        var other = one with { Entry = one.Entry with { Digest = "d2", Ordinal = 7 } };

        var json = Source(Assert.Single(Resolution.Resolve([one, other]))).GetRawText();

        Assert.Equal(2, json.Split(Written).Length);
    }

    private static Observation Enriched(Observation observation, int way) =>
        way switch
        {
            0 => observation,
            1 => observation with { Enrichment = observation.Enrichment with { Title = null, Abstract = null } },
            _ => observation with
            {
                Enrichment = observation.Enrichment with { Title = "The same clean title of a paper", Abstract = null },
            },
        };

    private static JsonElement Source(PaperGroup paper)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            PaperJson.Write(writer, PaperSource.Of(paper, null));
        using var document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }
}
