namespace PaperPipeline.Benchmarks.Similarity;

/// <summary>Revised papers, as authors revise them: words are replaced, dropped and added, subtitles come and go.</summary>
/// <param name="words">Where new words come from.</param>
/// <param name="seed">Of all chance.</param>
internal sealed class Revision(IReadOnlyList<string> words, int seed)
{
    private readonly Random random = new(seed);

    /// <summary>A text of which a share of the words is replaced, dropped or preceded by another.</summary>
    public string Edit(string text, double share)
    {
        var edited = new List<string>();
        foreach (var word in text.Split(' '))
            if (random.NextDouble() >= share)
                edited.Add(word);
            else
                edited.AddRange(
                    random.Next(4) switch
                    {
                        0 => [],
                        1 => [Any(), word],
                        _ => (string[])[Any()],
                    }
                );
        return string.Join(' ', edited);
    }

    /// <summary>A title with another subtitle, without the one that it had, or with other words in it.</summary>
    public string Retitle(string title)
    {
        var colon = title.IndexOf(": ", StringComparison.Ordinal);
        return random.Next(3) switch
        {
            0 when colon > 12 => title[..colon],
            0 => $"{title}: {Any()} {Any()} {Any()}",
            1 when colon > 0 => title[(colon + 2)..],
            _ => Edit(title, 0.25),
        };
    }

    private string Any() => words[random.Next(words.Count)];
}
