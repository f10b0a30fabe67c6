using PaperPipeline.Storage.Similarity;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>
/// Long words as numbers by which documents are found: words that differ in each document cost a server ten times as much to
/// index. Two words may have one number, so whoever must be sure looks at what was found.
/// </summary>
internal static class TextNumber
{
    /// <summary>The number of a text, not below 0; the same on every machine.</summary>
    public static int Of(string text) => (int)(WordHashes.Mix(StableHash.Add(StableHash.Start, text)) & int.MaxValue);
}
