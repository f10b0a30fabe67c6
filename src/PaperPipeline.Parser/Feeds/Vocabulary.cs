namespace PaperPipeline.Parser.Feeds;

/// <summary>What an element of a feed belongs to.</summary>
internal enum Vocabulary
{
    /// <summary>RSS or Atom itself, in any of their versions.</summary>
    Core,
    DublinCore,
    DublinCoreTerms,
    Prism,
    Arxiv,
    Content,
    Media,
    Itunes,
    OpenSearch,
    Licence,
    FeedBurner,
    Other,
}

/// <summary>Tells what the namespaces of real feeds mean, whose writers are free with them.</summary>
internal sealed class Vocabularies(string root)
{
    private static readonly (string Beginning, Vocabulary Vocabulary)[] Known =
    [
        ("http://www.w3.org/2005/atom", Vocabulary.Core),
        ("http://purl.org/atom/ns", Vocabulary.Core),
        ("http://purl.org/rss/1.0/modules/content", Vocabulary.Content),
        ("http://purl.org/rss/1.0/modules/prism", Vocabulary.Prism),
        ("http://purl.org/rss/1.0/modules/", Vocabulary.Other),
        ("http://purl.org/rss/", Vocabulary.Core),
        ("http://purl.org/net/rss1.1", Vocabulary.Core),
        ("http://my.netscape.com/", Vocabulary.Core),
        ("http://channel.netscape.com/", Vocabulary.Core),
        ("http://backend.userland.com/", Vocabulary.Core),
        ("http://blogs.law.harvard.edu/tech/rss", Vocabulary.Core),
        ("http://cyber.law.harvard.edu/rss", Vocabulary.Core),
        ("http://www.rssboard.org/rss-specification", Vocabulary.Core),
        ("http://purl.org/dc/elements/", Vocabulary.DublinCore),
        ("http://purl.org/dc/terms", Vocabulary.DublinCoreTerms),
        ("http://prismstandard.org/namespaces/", Vocabulary.Prism),
        ("http://arxiv.org/schemas/atom", Vocabulary.Arxiv),
        ("http://search.yahoo.com/mrss", Vocabulary.Media),
        ("http://www.itunes.com/dtds/podcast", Vocabulary.Itunes),
        ("http://example.com/dtds/podcast", Vocabulary.Itunes),
        ("http://a9.com/-/spec/opensearch", Vocabulary.OpenSearch),
        ("http://backend.userland.com/creativecommons", Vocabulary.Licence),
        ("http://web.resource.org/cc", Vocabulary.Licence),
        ("http://creativecommons.org/ns", Vocabulary.Licence),
        ("http://cyber.law.harvard.edu/rss/creativecommons", Vocabulary.Licence),
        ("http://rssnamespace.org/feedburner", Vocabulary.FeedBurner),
    ];

    private readonly Dictionary<string, Vocabulary> known = new(StringComparer.Ordinal)
    {
        [""] = Vocabulary.Core,
        // Whatever the feed's own element is in.
        [root] = Vocabulary.Core,
    };

    public Vocabulary Of(string @namespace)
    {
        if (known.TryGetValue(@namespace, out var vocabulary))
            return vocabulary;
        var name = @namespace.Trim().ToLowerInvariant();
        if (name.StartsWith("https://", StringComparison.Ordinal))
            name = string.Concat("http://", name.AsSpan("https://".Length));
        vocabulary = Vocabulary.Other;
        var longest = 0;
        foreach (var (beginning, meant) in Known)
            if (beginning.Length > longest && name.StartsWith(beginning, StringComparison.Ordinal))
                (vocabulary, longest) = (meant, beginning.Length);
        // Feeds that invent a namespace for each element must not make this grow.
        if (known.Count < 100)
            known[@namespace] = vocabulary;
        return vocabulary;
    }
}
