using PaperPipeline.Storage.Similarity;

namespace PaperPipeline.Benchmarks.Similarity;

/// <summary>
/// Makes clean pairs look as citations on the web do: initials, lists cut short, years and venues missing, titles misread,
/// cut or run together. What a pair is labelled stays, but some pairs become two parts of one work, which are different.
/// </summary>
/// <param name="pairs">The clean pairs.</param>
/// <param name="moved">True to move values into titles besides.</param>
/// <param name="seed">Of all chance.</param>
internal sealed class CitationNoise(IReadOnlyList<LabelledPair> pairs, bool moved, int seed)
{
    private readonly Random random = new(seed);

    /// <summary>All pairs, worse.</summary>
    public IEnumerable<LabelledPair> Apply() =>
        pairs.Select(pair =>
            pair.Same && Chance(0.03)
                ? Parts(pair)
                : pair with
                {
                    One = Moved(WithInitials(pair.One)),
                    Other = Moved(Worse(WithInitials(pair.Other))),
                }
        );

    private bool Chance(double share) => random.NextDouble() < share;

    private LabelledPair Parts(LabelledPair pair)
    {
        var (one, other) = Chance(0.5) ? ("i", "ii") : ($"{random.Next(1, 5)}", $"{random.Next(5, 9)}");
        var part = Chance(0.5) ? "part " : "";
        return new(
            false,
            pair.One with
            {
                Title = $"{pair.One.Title} , {part}{one}",
            },
            pair.Other with
            {
                Title = $"{pair.Other.Title} : {part}{other}",
            }
        );
    }

    private Citation WithInitials(Citation citation) =>
        citation with
        {
            Authors = [.. citation.Authors.Select(Initials)],
        };

    private string Initials(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(words[..^1].Take(Chance(0.5) ? 1 : 3).Select(word => word[0])) + " " + words[^1];
    }

    private Citation Moved(Citation citation)
    {
        if (moved && Chance(0.5))
            citation = citation with
            {
                Title = $"{citation.Title} {string.Join(" , ", citation.Authors)}".TrimEnd(),
                Authors = [],
            };
        if (moved && Chance(0.5))
            citation = citation with { Title = $"{citation.Title} {citation.Venue}".TrimEnd(), Venue = "" };
        return moved && Chance(0.5)
            ? citation with
            {
                Title = $"{citation.Title} {citation.Year}".TrimEnd(),
                Year = null,
            }
            : citation;
    }

    private Citation Worse(Citation citation)
    {
        var year = citation.Year;
        if (Chance(0.45))
            year = null;
        else if (Chance(0.08))
            year += Chance(0.5) ? 1 : -1;
        var venue =
            Chance(0.35) ? ""
            : Chance(0.1) ? Any().One.Venue
            : citation.Venue;
        var authors = Worse(citation.Authors);
        return citation with { Title = Worse(citation.Title, authors), Authors = authors, Venue = venue, Year = year };
    }

    private List<string> Worse(IReadOnlyList<string> names)
    {
        var authors = names.Select(name => Chance(0.1) ? Misread(name) : name).ToList();
        if (authors.Count > 1 && Chance(0.12))
            authors = authors[..random.Next(1, authors.Count)];
        if (Chance(0.04))
            authors = authors.ConvertAll(name => Misread(Misread(Misread(name))));
        if (Chance(0.02))
            authors.Clear();
        return authors;
    }

    private string Worse(string title, List<string> authors)
    {
        if (Chance(0.15))
            title = Misread(title);
        if (Chance(0.05))
            title = Misread(Misread(title));
        var words = title.Split(' ').ToList();
        if (words.Count > 4 && Chance(0.12))
            words = words[..^random.Next(1, 4)];
        if (words.Count > 5 && Chance(0.08))
            words.RemoveRange(0, random.Next(1, 4));
        if (Chance(0.06))
            words[random.Next(words.Count)] = AnyWord();
        if (Chance(0.06))
            words.AddRange(Chance(0.3) ? ["to", "appear", "in"] : [AnyWord(), AnyWord()]);
        for (var time = 0; time < 3; time++)
            if (words.Count > 2 && Chance(0.06))
            {
                var at = random.Next(words.Count - 1);
                words[at] += words[at + 1];
                words.RemoveAt(at + 1);
            }
        if (authors.Count > 0 && Chance(0.05))
            words.InsertRange(0, [authors[^1], "."]);
        return string.Join(' ', words);
    }

    private string Misread(string text)
    {
        if (text.Length < 4)
            return text;
        var at = random.Next(1, text.Length - 1);
        return random.Next(3) switch
        {
            0 => text.Remove(at, 1),
            1 => text[..at] + (char)('a' + random.Next(26)) + text[(at + 1)..],
            _ => text[..at] + text[at + 1] + text[at] + text[(at + 2)..],
        };
    }

    private LabelledPair Any() => pairs[random.Next(pairs.Count)];

    private string AnyWord()
    {
        var words = Any().Other.Title.Split(' ');
        return words[random.Next(words.Length)];
    }
}
