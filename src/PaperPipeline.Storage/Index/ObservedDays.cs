using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index;

/// <summary>Which day entries bear.</summary>
internal static class ObservedDays
{
    /// <summary>True when those of the observations that are of the digest all bear the day.</summary>
    public static bool HaveDay(this IEnumerable<Observation> observations, string digest, DateOnly day) =>
        observations.All(o => o.Entry.Digest != digest || o.Entry.Day == day);
}
