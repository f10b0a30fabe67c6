using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>
/// What the index holds under one key: the paper with that id, or only what the key leads to, or both, or nothing
/// yet. Being one document, it is read and written as one.
/// </summary>
/// <param name="Key">The key, which is the id of a paper.</param>
/// <param name="Version">Its version; null when the index has no such document.</param>
/// <param name="Observations">The paper's observations; none where it is no paper.</param>
/// <param name="Papers">
/// The other records to which it leads; they only become more. Of a key, the papers that bear it, or did; of a paper, also
/// the keys that its entries had before they were read anew or decided upon.
/// </param>
internal sealed record PaperRecord(
    string Key,
    DocumentVersion? Version,
    IReadOnlyList<Observation> Observations,
    IReadOnlySet<string> Papers
)
{
    private const int LongestId = 512;
    private static readonly IReadOnlySet<string> None = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>A record that the index does not have.</summary>
    public static PaperRecord Absent(string key) => new(key, null, [], None);

    /// <summary>The keys of the records that share something with it, or once did.</summary>
    public IEnumerable<string> LeadsTo(Rulings rulings) => Papers.Concat(rulings.KeysOf(Observations));

    /// <summary>The <c>_id</c> of a key's document: the key itself, or its hash where it is longer than ids may be.</summary>
    public static string DocumentId(string key) =>
        Encoding.UTF8.GetByteCount(key) <= LongestId
            ? key
            : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Reads a document of a multi-get or of a search.</summary>
    public static PaperRecord Read(string key, JsonElement document)
    {
        if (!document.TryGetProperty("_source", out var source))
            return Absent(key);
        return new PaperRecord(
            key,
            VersionOf(document),
            DocumentText.ReadObservations(source),
            source.TryGetProperty("papers", out var papers)
                ? papers.EnumerateArray().Select(p => p.GetString()!).ToHashSet(StringComparer.Ordinal)
                : None
        );
    }

    /// <summary>The version of a document; null when there is none.</summary>
    public static DocumentVersion? VersionOf(JsonElement document) =>
        document.TryGetProperty("_seq_no", out var number)
            ? new(number.GetInt64(), document.GetProperty("_primary_term").GetInt64())
            : null;
}
