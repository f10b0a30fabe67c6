namespace PaperPipeline.Cli.Status;

/// <summary>How fast things move, from one look to the next.</summary>
/// <param name="Indexed">Papers indexed a second; null at the first look.</param>
/// <param name="Waiting">By how many messages a second each stage's queue grows, or shrinks.</param>
internal sealed record Rates(double? Indexed, IReadOnlyDictionary<string, double> Waiting)
{
    /// <summary>At the first look nothing is known.</summary>
    public static readonly Rates Unknown = new(null, new Dictionary<string, double>(StringComparer.Ordinal));

    /// <summary>The rates between two looks; unknown where one of them has not seen the index.</summary>
    public static Rates Between(Overview? before, Overview now)
    {
        if (before is null || (now.At - before.At).TotalSeconds is not (> 0 and var seconds))
            return Unknown;
        var seen = before.IndexTrouble is null && now.IndexTrouble is null;
        var earlier = before.Queues.ToDictionary(q => q.Stage, q => q.Waiting, StringComparer.Ordinal);
        return new(
            seen ? Math.Max(0, now.Indexed - before.Indexed) / seconds : null,
            now.Queues.Where(q => earlier.ContainsKey(q.Stage))
                .ToDictionary(q => q.Stage, q => (q.Waiting - earlier[q.Stage]) / seconds, StringComparer.Ordinal)
        );
    }
}
