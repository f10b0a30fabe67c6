using PaperPipeline.Storage.Text;

namespace PaperPipeline.Storage.Similarity;

/// <summary>What sort of publication a venue is, where its name says so.</summary>
internal enum VenueSort
{
    Unknown,
    Meeting,
    Periodical,
}

/// <summary>A venue, as far as venues are compared: "VLDB" and "Very Large Data Bases" are one, "VLDB J." is another.</summary>
/// <param name="Sort">What sort of publication it is.</param>
/// <param name="Words">The words that tell it from others of its sort.</param>
internal sealed record Venue(VenueSort Sort, IReadOnlySet<string> Words)
{
    // What an acronym stands for, in the words that are left of a full name; all are meetings but for those that say
    // otherwise.
    private static readonly Dictionary<string, string> Acronyms = new(StringComparer.Ordinal)
    {
        ["sigmod"] = "management data",
        ["vldb"] = "very large database",
        ["pvldb"] = "very large database",
        ["tods"] = "transactions database system",
        ["icde"] = "data engineering",
        ["tkde"] = "transactions knowledge data engineering",
        ["edbt"] = "extending database technology",
        ["pods"] = "principle database system",
        ["icdt"] = "database theory",
        ["kdd"] = "knowledge discovery data mining",
        ["cikm"] = "information knowledge management",
        ["sigir"] = "research development information retrieval",
        ["www"] = "world wide web",
        ["icml"] = "machine learning",
        ["jmlr"] = "journal machine learning research",
        ["neurips"] = "neural information processing system",
        ["nips"] = "neural information processing system",
        ["iclr"] = "learning representation",
        ["colt"] = "computational learning theory",
        ["uai"] = "uncertainty artificial intelligence",
        ["aistats"] = "artificial intelligence statistic",
        ["ijcai"] = "joint artificial intelligence",
        ["cvpr"] = "computer vision pattern recognition",
        ["iccv"] = "computer vision",
        ["eccv"] = "european computer vision",
        ["tpami"] = "transactions pattern analysis machine intelligence",
        ["acl"] = "computational linguistic",
        ["emnlp"] = "empirical method natural language processing",
        ["icassp"] = "acoustic speech signal processing",
        ["icra"] = "robotic automation",
        ["iros"] = "intelligent robot system",
        ["chi"] = "human factor computing system",
        ["stoc"] = "theory computing",
        ["focs"] = "foundation computer science",
        ["soda"] = "discrete algorithm",
    };

    private static readonly Dictionary<string, string> Abbreviations = new(StringComparer.Ordinal)
    {
        ["trans"] = "transactions",
        ["transaction"] = "transactions",
        ["j"] = "journal",
        ["rec"] = "record",
        ["lett"] = "letter",
        ["bull"] = "bulletin",
        ["mag"] = "magazine",
        ["conf"] = "conference",
        ["symp"] = "symposium",
        ["proc"] = "proceedings",
        ["proceeding"] = "proceedings",
        ["wkshp"] = "workshop",
        ["syst"] = "system",
        ["sys"] = "system",
        ["eng"] = "engineering",
        ["comput"] = "computer",
        ["inf"] = "information",
        ["knowl"] = "knowledge",
        ["sci"] = "science",
        ["res"] = "research",
        ["intell"] = "intelligence",
        ["artif"] = "artificial",
    };

    private static readonly HashSet<string> Periodicals = new(
        ["journal", "transactions", "record", "letter", "bulletin", "magazine", "review", "quarterly"],
        StringComparer.Ordinal
    );

    private static readonly HashSet<string> Meetings = new(
        ["conference", "symposium", "workshop", "proceedings", "meeting"],
        StringComparer.Ordinal
    );

    // Words that say nothing: who holds it, how often, and what is in every name.
    private static readonly HashSet<string> Empty = new(
        "a an acm al and annual appear at by em et for hellip ieee in int international intl of on quot the to usenix".Split(
            ' '
        ),
        StringComparer.Ordinal
    );

    // How the name of a venue begins that no acronym stands for.
    private static readonly string[] Beginnings =
    [
        "acm trans",
        "acm transactions",
        "ieee trans",
        "ieee transactions",
        "proceedings of",
        "proceedings",
        "proc",
        "in proc",
        "in proceedings",
        "international conference",
        "int conf",
        "conference on",
        "international workshop",
        "workshop on",
        "symposium on",
        "international journal",
        "journal of",
        "lecture notes in",
        "technical report",
    ];

    /// <summary>Reads the name of a venue; null where nothing of it tells it from others.</summary>
    public static Venue? Of(string name)
    {
        var (words, sort) = (new HashSet<string>(StringComparer.Ordinal), VenueSort.Unknown);
        var tokens = Tokens(name);
        foreach (var token in tokens)
            if (Acronyms.TryGetValue(token, out var stands))
                words.UnionWith(stands.Split(' '));
            else if (!Empty.Contains(token) && !token.Any(char.IsAsciiDigit))
                words.Add(token);
        var periodical = words.Overlaps(Periodicals);
        if (periodical)
            sort = VenueSort.Periodical;
        else if (words.Overlaps(Meetings) || tokens.Exists(Acronyms.ContainsKey))
            sort = VenueSort.Meeting;
        words.ExceptWith(Meetings);
        words.RemoveWhere(w => Periodicals.Contains(w));
        return words.Count == 0 && sort == VenueSort.Unknown ? null : new(sort, words);
    }

    /// <summary>Share of the words of the shorter name that the longer one has too; 0 where one has none.</summary>
    public double Likeness(Venue other)
    {
        var fewer = Math.Min(Words.Count, other.Words.Count);
        return fewer == 0 ? 0 : (double)Words.Count(other.Words.Contains) / fewer;
    }

    /// <summary>True when the words, with which a title ends, are the name of a venue.</summary>
    public static bool IsName(IReadOnlyList<string> words)
    {
        var text = string.Join(' ', words);
        var folded = Folding.Fold(text);
        if (Array.Exists(Beginnings, b => folded == b || folded.StartsWith(b + " ", StringComparison.Ordinal)))
            return true;
        // An acronym, and otherwise nothing but what it stands for and what is in every name; or the words alone.
        var (said, tokens) = (Tokens(text), new HashSet<string>(StringComparer.Ordinal));
        foreach (var token in said.Where(t => !IsEmpty(t)))
            tokens.Add(token);
        var acronyms = tokens.Where(Acronyms.ContainsKey).ToList();
        if (acronyms.Count == 0)
            return tokens.Count > 2 && Acronyms.Values.Any(stands => tokens.SetEquals(stands.Split(' ')));
        tokens.ExceptWith(acronyms);
        foreach (var acronym in acronyms)
            tokens.ExceptWith(Acronyms[acronym].Split(' '));
        return tokens.Count == 0;
    }

    // Says nothing beside an acronym.
    private static bool IsEmpty(string token) =>
        Empty.Contains(token)
        || Periodicals.Contains(token)
        || Meetings.Contains(token)
        || token.Any(char.IsAsciiDigit);

    private static List<string> Tokens(string name)
    {
        var tokens = new List<string>();
        foreach (var token in Folding.Tokens(name))
        {
            var word =
                token.Length > 4 && token.EndsWith('s') && token is not "transactions" and not "proceedings"
                    ? token[..^1]
                    : token;
            word = Abbreviations.GetValueOrDefault(word, word);
            // "Data bases" and "databases" are one word.
            if (word == "base" && tokens is [.., "data"])
                tokens[^1] = "database";
            else
                tokens.Add(word);
        }
        return tokens;
    }
}
