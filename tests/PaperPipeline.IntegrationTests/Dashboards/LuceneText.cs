using System.Text.RegularExpressions;

namespace PaperPipeline.IntegrationTests.Dashboards;

/// <summary>The part of Lucene's query language that the dashboards use, so that a test can answer it without a server.</summary>
internal static partial class LuceneText
{
    /// <summary>The fields that a query is about.</summary>
    public static IEnumerable<string> Fields(string query) =>
        Clauses(query).Select(c => c.Field == "_exists_" ? c.Value : c.Field);

    /// <summary>Whether a document is found.</summary>
    /// <param name="query">Clauses that must all hold.</param>
    /// <param name="values">The values of a field.</param>
    public static bool Finds(string query, Func<string, IReadOnlyList<string>> values) =>
        Clauses(query)
            .All(c =>
                c.Not
                != (
                    c.Field == "_exists_" ? values(c.Value).Count > 0
                    : c.Field == "title" ? values(c.Field).Any(title => HasWords(title, c.Value))
                    : values(c.Field).Any(v => c.Value.Split(" OR ").Contains(v))
                )
            );

    private sealed record Clause(bool Not, string Field, string Value);

    private static IEnumerable<Clause> Clauses(string query)
    {
        foreach (var part in query.Split(" AND ", StringSplitOptions.RemoveEmptyEntries))
        {
            var match = Form().Match(part);
            Assert.True(match.Success, $"the test does not know the form of {part}");
            yield return new Clause(
                match.Groups["not"].Success,
                match.Groups["field"].Value,
                match.Groups["value"].Value.Trim('"', '(', ')')
            );
        }
    }

    // The words in a row, as a stemmer that only knows the plural has them.
    private static bool HasWords(string title, string sought) =>
        (" " + string.Join(' ', Words(title)) + " ").Contains(
            " " + string.Join(' ', Words(sought)) + " ",
            StringComparison.Ordinal
        );

    private static IEnumerable<string> Words(string text) =>
        Word().Matches(text).Select(m => m.Value.ToLowerInvariant()).Select(w => w.EndsWith('s') ? w[..^1] : w);

    [GeneratedRegex("""^(?<not>NOT )?(?<field>[A-Za-z_.]+):(?<value>"[^"]+"|\([^()]+\)|[A-Za-z0-9_.]+)$""")]
    private static partial Regex Form();

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Word();
}
