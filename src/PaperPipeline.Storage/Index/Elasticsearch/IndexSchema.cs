using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>
/// Settings and mappings of the indices. Strict: a member that is not listed here is refused. What Kibana charts is a
/// keyword, a number or a date; text is searched through <c>search.*</c>, which holds the folded form.
/// </summary>
internal static class IndexSchema
{
    // A mark before a letter belongs to the word, as folding has it: "don't" is one word.
    private static readonly string Apostrophes = string.Join(
        ",",
        "'\u2019".SelectMany(mark =>
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".Select(letter => $"\"{mark}{letter} => {letter}\"")
        )
    );

    // Of plain text, as people type it, plain_text makes the very words that folded_text makes of its folded form.
    private static readonly string Analysis = $$$"""
        {
          "analyzer": {
            "english_text": {"type": "custom", "tokenizer": "standard",
              "filter": ["lowercase", "asciifolding", "english_possessive", "english_stem"]},
            "exact_text": {"type": "custom", "tokenizer": "standard", "filter": ["lowercase"]},
            "plain_text": {"type": "custom", "char_filter": ["apostrophes"], "tokenizer": "letters_and_digits",
              "filter": ["lowercase", "asciifolding", "english_porter"]},
            "folded_text": {"type": "custom", "tokenizer": "whitespace", "filter": ["english_porter"]}
          },
          "char_filter": {"apostrophes": {"type": "mapping", "mappings": [{{{Apostrophes}}}]}},
          "tokenizer": {
            "letters_and_digits": {"type": "char_group", "tokenize_on_chars": ["whitespace", "punctuation", "symbol"]}
          },
          "filter": {
            "english_stem": {"type": "stemmer", "language": "english"},
            "english_possessive": {"type": "stemmer", "language": "possessive_english"},
            "english_porter": {"type": "porter_stem"}
          },
          "normalizer": {"folded": {"type": "custom", "filter": ["lowercase", "asciifolding"]}}
        }
        """;

    // How old the answers of a search may be that nobody refreshed for. Each refresh makes segments, which are merged
    // again: once a second, both took a quarter of what indexing cost.
    private const string RefreshInterval = "5s";

    private const string Keyword = """{"type": "keyword", "ignore_above": 8191}""";

    private const string Named =
        """{"type": "keyword", "ignore_above": 8191, "fields": {"text": {"type": "text", "analyzer": "exact_text", "norms": false}}}""";

    private const string Prose = """{"type": "text", "analyzer": "english_text", "norms": false}""";

    private const string Title =
        """{"type": "text", "analyzer": "english_text", "norms": false, "fields": {"keyword": {"type": "keyword", "normalizer": "folded", "ignore_above": 8191}}}""";

    // Indexing the abstract is most of what a paper costs the server: it is done once, and folded beforehand.
    private const string Shown = """{"type": "text", "index": false}""";

    private const string Folded =
        """{"type": "text", "analyzer": "folded_text", "search_analyzer": "plain_text", "norms": false}""";

    // Norms, which make a long title weigh less, are cheap only where (nearly) all documents have them.
    private const string FoldedTitle =
        """{"type": "text", "analyzer": "folded_text", "search_analyzer": "plain_text"}""";

    private const string Stored = """{"type": "object", "enabled": false}""";
    private const string Kept = """{"type": "keyword", "index": false, "doc_values": false}""";
    private const string Number = """{"type": "integer", "doc_values": false}""";
    private const string Date = """{"type": "date"}""";

    // OpenSearch takes 2 µs to read a date by its default formats, as long as for a title; this one, which it has beside
    // them, costs nothing to speak of. Elasticsearch does not know it, and reads its default by a parser of its own since
    // 8.15. Milliseconds since 1970 alone are no such date: who asks for them says so in the query ("format":
    // "epoch_millis").
    private const string OpenSearchDate = """{"type": "date", "format": "rfc3339_lenient"}""";
    private const string Integer = """{"type": "integer"}""";
    private const string Double = """{"type": "double"}""";
    private const string Boolean = """{"type": "boolean"}""";

    private static string Members(params (string Name, string Type)[] members) =>
        "{" + string.Join(",", members.Select(m => $"\"{m.Name}\":{m.Type}")) + "}";

    private static string Group(params (string Name, string Type)[] members) =>
        $$"""{"dynamic":"strict","properties":{{Members(members)}}}""";

    private static string Papers(string date) =>
        Members(
            ("id", """{"type": "keyword"}"""),
            ("title", Title),
            ("abstract", Shown),
            ("original", Stored),
            ("authors", Named),
            ("affiliations", Named),
            ("identifiers", Group(("arxiv", Keyword), ("doi", Keyword), ("openreview", Keyword))),
            ("categories", Keyword),
            ("publishedAt", date),
            ("updatedAt", date),
            ("versions", Group(("version", Integer), ("date", date))),
            ("withdrawn", Boolean),
            ("announceType", Keyword),
            ("comments", Prose),
            ("journalRef", Named),
            ("licence", Keyword),
            ("name", Keyword),
            ("links", Group(("url", Keyword), ("kind", Keyword))),
            ("codeUrl", Keyword),
            ("repository", Keyword),
            ("stars", Integer),
            ("organization", Named),
            ("submitter", Named),
            ("language", Keyword),
            ("keyphrases", Named),
            ("topics", Keyword),
            ("claims", Prose),
            ("datasets", Named),
            (
                "sightings",
                Group(
                    ("digest", Keyword),
                    ("ordinal", Integer),
                    ("source", Keyword),
                    ("day", date),
                    ("rank", Integer),
                    ("upvotes", Integer),
                    ("observedAt", date)
                )
            ),
            ("firstSeenAt", date),
            ("lastSeenAt", date),
            ("signals", Group(("source", Keyword), ("kind", Keyword), ("day", date), ("value", Double))),
            ("trending", Group(("score", Double), ("parts", Stored))),
            ("state", Keyword),
            ("enrichment", Group(("version", Integer), ("missing", Keyword))),
            ("traceId", Keyword),
            ("extra", Stored),
            // What the store itself needs.
            ("kind", Keyword),
            ("papers", Kept),
            ("entries", Number),
            ("announced", Keyword),
            ("readings", Kept),
            (
                "search",
                Group(
                    ("title", FoldedTitle),
                    ("titleNumber", Number),
                    ("name", Folded),
                    ("nameNumber", Number),
                    ("abstract", Folded)
                )
            ),
            ("observations", Stored),
            ("sameText", """{"type": "integer", "index": false, "doc_values": false}"""),
            ("decisions", Stored)
        );

    private static string Ledger(string date) =>
        Members(
            ("digest", Keyword),
            ("name", Named),
            ("retrievedAt", date),
            ("traceId", Keyword),
            ("day", date),
            ("dayStatedAt", date),
            ("shape", Keyword),
            ("recognisedBy", Keyword),
            ("source", Keyword),
            ("entries", Integer),
            ("reported", Integer),
            ("expected", Integer),
            ("state", Keyword),
            ("indexed", Integer),
            ("dead", Integer),
            ("parserVersion", Integer),
            ("parsedAt", date),
            ("reread", Boolean),
            ("reading", Keyword),
            ("readSeconds", Double),
            ("settledAt", date),
            ("settledSeconds", Double)
        );

    private static string DeadLetters(string date) =>
        Members(
            ("id", Keyword),
            ("digest", Keyword),
            ("ordinal", Integer),
            ("position", Keyword),
            ("whole", Boolean),
            ("stage", Keyword),
            ("reason", Named),
            ("excerpt", """{"type": "text", "analyzer": "exact_text"}"""),
            ("traceId", Keyword),
            ("attempts", Integer),
            ("parserVersion", Integer),
            ("rejectedAt", date),
            ("shape", Keyword),
            ("open", Boolean),
            ("dismissed", Boolean),
            ("retried", Group(("parserVersion", Integer), ("attempts", Integer))),
            ("rejected", Stored)
        );

    /// <summary>Each index: the name of its template, its aliases and its members.</summary>
    /// <param name="names">What they are called.</param>
    /// <param name="isOpenSearch">Whether OpenSearch has them, or Elasticsearch.</param>
    public static IReadOnlyList<IndexDefinition> Indices(IndexNames names, bool isOpenSearch)
    {
        var date = isOpenSearch ? OpenSearchDate : Date;
        return
        [
            new(names.Read, names.Write, Papers(date)),
            new(names.Ledger, names.Ledger, Ledger(date)),
            new(names.DeadLetters, names.DeadLetters, DeadLetters(date)),
        ];
    }

    /// <summary>What <c>_meta</c> says of an index: whose it is, its version and the hash of all this.</summary>
    public static JsonObject Meta(string members) =>
        new()
        {
            ["application"] = "paperpipeline",
            ["schema"] = IndexNames.SchemaVersion,
            ["hash"] = Convert.ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes(Analysis + RefreshInterval + members)).AsSpan(0, 16)
            ),
        };

    /// <summary>The index template.</summary>
    public static JsonObject Template(IndexDefinition index) =>
        new()
        {
            ["index_patterns"] = new JsonArray(index.Name + "-v*"),
            ["priority"] = 500,
            ["template"] = new JsonObject
            {
                ["settings"] = new JsonObject
                {
                    ["number_of_shards"] = 1,
                    ["auto_expand_replicas"] = "0-1",
                    ["refresh_interval"] = RefreshInterval,
                    ["analysis"] = JsonNode.Parse(Analysis),
                },
                ["mappings"] = Mappings(index),
            },
            ["_meta"] = Meta(index.Members),
        };

    /// <summary>The mappings; put to an index that has some of them, they add the others.</summary>
    /// <param name="index">The index.</param>
    /// <param name="found">The members that it has: they stay as they are, because most cannot be changed.</param>
    public static JsonObject Mappings(IndexDefinition index, JsonObject? found = null) =>
        new()
        {
            ["dynamic"] = "strict",
            ["_meta"] = Meta(index.Members),
            ["properties"] = Completed(found ?? [], JsonNode.Parse(index.Members)!.AsObject()),
        };

    private static JsonObject Completed(JsonObject found, JsonObject wanted)
    {
        var members = new JsonObject();
        foreach (var (name, member) in wanted)
        {
            var completed = (found[name] ?? member!).DeepClone().AsObject();
            foreach (var below in (string[])["properties", "fields"])
                if (member![below] is JsonObject needed)
                    completed[below] = Completed(completed[below] as JsonObject ?? [], needed);
            members[name] = completed;
        }
        return members;
    }

    /// <summary>The aliases, both of them where reading and writing differ.</summary>
    public static JsonObject Aliases(IndexDefinition index)
    {
        var name = IndexNames.Versioned(index.Name);
        var actions = new JsonArray(Add(name, index.Alias, null));
        if (index.Alias != index.Name)
            actions.Add(
                Add(name, index.Name, new JsonObject { ["term"] = new JsonObject { ["kind"] = PaperSource.Paper } })
            );
        return new JsonObject { ["actions"] = actions };
    }

    private static JsonObject Add(string index, string alias, JsonObject? filter)
    {
        var add = new JsonObject { ["index"] = index, ["alias"] = alias };
        if (filter is null)
            add["is_write_index"] = true;
        else
            add["filter"] = filter;
        return new JsonObject { ["add"] = add };
    }
}

/// <summary>An index to be: the name of its template (and of the alias for reading), its alias for writing, its members.</summary>
internal sealed record IndexDefinition(string Name, string Alias, string Members);
