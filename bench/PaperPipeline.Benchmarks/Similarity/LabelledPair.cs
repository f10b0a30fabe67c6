using PaperPipeline.Storage.Similarity;

namespace PaperPipeline.Benchmarks.Similarity;

/// <summary>Two citations of which it is known whether they are one work.</summary>
internal sealed record LabelledPair(bool Same, Citation One, Citation Other)
{
    /// <summary>Reads a file of labelled pairs, packed or not.</summary>
    public static List<LabelledPair> Read(string path)
    {
        using var file = File.OpenRead(path);
        return
        [
            .. CitationLines
                .Read(file)
                .Select(p => new LabelledPair(
                    p.Same ?? throw new InvalidDataException($"{path}: line {p.Line} has no label."),
                    p.One,
                    p.Other
                )),
        ];
    }
}
