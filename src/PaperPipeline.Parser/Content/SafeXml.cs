using System.Xml;

namespace PaperPipeline.Parser.Content;

/// <summary>
/// The one way in which XML is read. A DOCTYPE is passed over: nothing is declared by it, resolved or loaded, so neither
/// entity bombs nor external entities exist. HTML's named entities, which real feeds hold without declaring them, are read as
/// what they stand for. Where a DOCTYPE declares entities, any other name ends the reading; elsewhere it stands for itself.
/// The prefixes that feeds are used to need not be declared.
/// </summary>
internal static class SafeXml
{
    /// <summary>Greatest depth of elements.</summary>
    public const int Deepest = 64;

    /// <summary>Greatest size of a document, in characters: more than any digest may have.</summary>
    private const long Longest = 512L * 1024 * 1024;

    private static readonly (string Prefix, string Namespace)[] Prefixes =
    [
        ("arxiv", "http://arxiv.org/schemas/atom"),
        ("atom", "http://www.w3.org/2005/Atom"),
        ("cc", "http://web.resource.org/cc/"),
        ("content", "http://purl.org/rss/1.0/modules/content/"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
        ("dcterms", "http://purl.org/dc/terms/"),
        ("feedburner", "http://rssnamespace.org/feedburner/ext/1.0"),
        ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
        ("media", "http://search.yahoo.com/mrss/"),
        ("opensearch", "http://a9.com/-/spec/opensearch/1.1/"),
        ("prism", "http://prismstandard.org/namespaces/basic/2.0/"),
        ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
        ("slash", "http://purl.org/rss/1.0/modules/slash/"),
        ("sy", "http://purl.org/rss/1.0/modules/syndication/"),
        ("thr", "http://purl.org/syndication/thread/1.0"),
        ("wfw", "http://wellformedweb.org/CommentAPI/"),
        ("xlink", "http://www.w3.org/1999/xlink"),
        ("xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ];

    /// <summary>A reader at the beginning of the content.</summary>
    public static XmlReader Open(DigestContent content) =>
        XmlReader.Create(
            new XmlCharacters(content.OpenText()),
            new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Ignore,
                XmlResolver = null,
                MaxCharactersInDocument = Longest,
                // Without a DTD there are none but characters by number, which count too.
                MaxCharactersFromEntities = Longest,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                // Real feeds hold control characters; XmlCharacters makes them U+FFFD.
                CheckCharacters = false,
                CloseInput = true,
            },
            KnownPrefixes()
        );

    private static XmlParserContext KnownPrefixes()
    {
        var names = new NameTable();
        var namespaces = new XmlNamespaceManager(names);
        foreach (var (prefix, meant) in Prefixes)
            namespaces.AddNamespace(prefix, meant);
        return new XmlParserContext(names, namespaces, null, XmlSpace.None);
    }
}
