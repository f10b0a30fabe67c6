using PaperPipeline.Contracts;
using PaperPipeline.Storage.Similarity;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Storage.Index;

/// <summary>
/// Tells works of one title apart by what is said of their authors and of where they were published. Pure: the answer
/// depends on the set of what is said alone.
/// </summary>
internal static class SameTitle
{
    // A list this long begins with anybody, in one order or another.
    private const int MostAuthors = 100;

    private static readonly HashSet<string> Collectives = new(
        (
            "ai association collaboration collaborations committee company consortium corporate corporation department group "
            + "inc institute lab laboratory labs ltd project research society team teams university workshop"
        ).Split(' '),
        StringComparer.Ordinal
    );

    /// <summary>Divides what bears one title into works.</summary>
    /// <param name="bearers">For each that bears the title, the entries that are certainly one paper.</param>
    /// <returns>The work of each, as a number.</returns>
    public static int[] Divide(IReadOnlyList<IEnumerable<Entry>> bearers)
    {
        var (statements, numbers) = (new List<Statement>(), new Dictionary<string, int>(StringComparer.Ordinal));
        var of = new int[bearers.Count];
        for (var i = 0; i < of.Length; i++)
        {
            var entries = bearers[i].Select(e => e with { Authors = Persons(e.Authors) }).ToList();
            // Most say the same, and are looked at once.
            var text = string.Join(
                '\f',
                entries.Select(Text).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            );
            if (!numbers.TryGetValue(text, out of[i]))
            {
                numbers[text] = of[i] = statements.Count;
                statements.Add(
                    new(
                        [.. entries.Select(e => e.Authors!).Where(a => a.Count > 0)],
                        [.. entries.Select(Publication.Of).OfType<Publication>()]
                    )
                );
            }
        }
        var works = new int[statements.Count];
        foreach (var (work, members) in Works([.. Enumerable.Range(0, works.Length)], statements).Index())
        foreach (var n in members)
            works[n] = work;
        return [.. of.Select(n => works[n])];
    }

    // What held two together may have gone to another work: so each is looked at again by itself.
    private static IEnumerable<List<int>> Works(List<int> all, List<Statement> statements)
    {
        if (all.Count == 1)
            return [all];
        var works = Classes(all, HasAuthors, ByAuthors)
            .SelectMany(people => Classes(people, n => statements[n].Publications.Count > 0, ByPublication))
            .ToList();
        return works.Count == 1 ? works : works.SelectMany(work => Works(work, statements));

        // Also by what stands in the same publication.
        bool HasAuthors(int n) =>
            statements[n].Authors.Count > 0
            || all.Exists(m => statements[m].Authors.Count > 0 && statements[n].IsPublishedWith(statements[m]));

        bool ByAuthors(int one, int other) => statements[one].MayShareAuthors(statements[other]);

        bool ByPublication(int one, int other) => statements[one].MayBePublishedWith(statements[other]);
    }

    // Those of which something is known, as far as they are linked. Others belong to the one class there is; where there are
    // several they are one of their own.
    private static List<List<int>> Classes(List<int> all, Func<int, bool> isKnown, Func<int, int, bool> isLinked)
    {
        var (classes, unknown) = (new List<List<int>>(), new List<int>());
        foreach (var n in all)
        {
            if (!isKnown(n))
            {
                unknown.Add(n);
                continue;
            }
            List<int> joined = [n];
            foreach (var other in classes.Where(c => c.Exists(m => isLinked(n, m))).ToList())
            {
                classes.Remove(other);
                joined.AddRange(other);
            }
            classes.Add(joined);
        }
        if (unknown.Count > 0 && classes.Count == 1)
            classes[0].AddRange(unknown);
        else if (unknown.Count > 0)
            classes.Add(unknown);
        return classes;
    }

    // Who signs as a group may be anybody, and so may a single word.
    private static IReadOnlyList<string> Persons(IReadOnlyList<string>? authors) =>
        authors is null || authors.Count > MostAuthors
            ? []
            : [.. authors.Where(a => Folding.Tokens(a) is { Count: > 1 } words && !words.Any(Collectives.Contains))];

    private static string Text(Entry entry) =>
        string.Join(
            '\n',
            [.. entry.Authors!, "", entry.JournalRef ?? "", $"{entry.PublishedAt?.Year}", $"{entry.Identifiers}"]
        );

    private sealed record Statement(List<IReadOnlyList<string>> Authors, List<Publication> Publications)
    {
        // In one publication it is one work, however its authors are written.
        public bool MayShareAuthors(Statement other) =>
            IsPublishedWith(other)
            || Authors.Exists(a => other.Authors.Exists(b => AuthorLikeness.Of(a, b).Shared > 0));

        public bool IsPublishedWith(Statement other) => Publications.Exists(p => other.Publications.Exists(p.IsSame));

        public bool MayBePublishedWith(Statement other) =>
            Publications.Exists(p => other.Publications.Exists(o => !p.Differs(o)));
    }
}
