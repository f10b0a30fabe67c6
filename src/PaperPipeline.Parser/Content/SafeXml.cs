using System.Xml;

namespace PaperPipeline.Parser.Content;

/// <summary>
/// The one way in which XML is read. A DOCTYPE is passed over: nothing is declared by it, resolved or loaded, so neither
/// entity bombs nor external entities exist. HTML's named entities, which real feeds hold without declaring them, are read as
/// what they stand for; any other name ends the reading, as the standard wants it.
/// </summary>
internal static class SafeXml
{
    /// <summary>Greatest depth of elements.</summary>
    public const int Deepest = 64;

    /// <summary>Greatest size of a document, in characters: more than any digest may have.</summary>
    private const long Longest = 512L * 1024 * 1024;

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
            }
        );
}
