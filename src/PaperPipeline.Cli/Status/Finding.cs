namespace PaperPipeline.Cli.Status;

/// <summary>Something that needs a person.</summary>
/// <param name="Subject">Where it is: <c>broker</c>, <c>index</c>, <c>archive</c>, <c>workers</c>, <c>digests</c> or a kind of dead letter.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Cure">What to do; null where <paramref name="What"/> says it.</param>
internal sealed record Finding(string Subject, string What, string? Cure = null)
{
    public override string ToString()
    {
        var what = char.IsPunctuation(What[^1]) ? What : What + ".";
        return Cure is null ? $"{Subject}: {what}" : $"{Subject}: {what} To do: {Cure}";
    }
}
