namespace PaperPipeline.Benchmarks;

/// <summary>Where the papers come from.</summary>
/// <param name="From">A file or directory of arXiv JSON lines; null for generated papers.</param>
/// <param name="Seed">Seed of the generated papers.</param>
internal sealed record Input(string? From, int Seed)
{
    /// <summary>Different papers, as many as asked for.</summary>
    public IEnumerable<Paper> Papers(int count) =>
        From is { } path ? ArxivPapers.Distinct(ArxivPapers.Read(path), count) : GeneratedPapers.Make(count, Seed);
}
