using PaperPipeline.Storage.Text;

namespace PaperPipeline.Storage.Index;

/// <summary>One thing that a query asks for, folded: a word, or words that follow one another.</summary>
/// <param name="Text">Letters and digits only, words separated by one blank: nothing in it can be read as syntax.</param>
/// <param name="IsPhrase">True for words between double quotes.</param>
internal sealed record QueryTerm(string Text, bool IsPhrase)
{
    private const int MostTerms = 200;

    /// <summary>Reads what was typed; quotes count only in pairs.</summary>
    public static IReadOnlyList<QueryTerm> Of(string query)
    {
        var parts = query.Split('"');
        var phrases = parts.Length % 2 == 1;
        var terms = new List<QueryTerm>();
        for (var i = 0; i < parts.Length; i++)
        {
            var tokens = Folding.Tokens(parts[i]);
            if (phrases && i % 2 == 1 && tokens.Count > 0)
                terms.Add(new(string.Join(' ', tokens), tokens.Count > 1));
            else
                terms.AddRange(tokens.Select(t => new QueryTerm(t, false)));
        }
        return [.. terms.Distinct().Take(MostTerms)];
    }
}
