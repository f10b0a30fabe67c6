using System.Globalization;
using System.Xml.Linq;
using PaperPipeline.Parser.Content;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Parser.Oai;

/// <summary>
/// An answer of OAI-PMH 2.0 (openarchives.org/OAI/openarchivesprotocol.html) with records in <c>oai_dc</c>, or in arXiv's
/// formats. Errors are answers too, with status 200.
/// </summary>
internal sealed class OaiShape : IDigestShape
{
    public string Name => "oai-pmh";

    public ContentKind Kinds => ContentKind.Xml;

    public Recognition Recognise(DigestContent content) =>
        content.Xml.Root?.LocalName == "OAI-PMH"
            ? Recognition.Of(new OaiAnswer(content), "root element OAI-PMH")
            : Recognition.None("root element OAI-PMH");
}

/// <summary>The answer, ready to be read.</summary>
internal sealed class OaiAnswer(DigestContent content) : IRecognisedDigest
{
    // Elements around the records.
    private static readonly string[] Lists = ["ListRecords", "GetRecord", "ListIdentifiers"];

    /// <summary>The day of the answer: a record's own date stamp is that of its last change.</summary>
    public DateOnly? Day(DateOnly retrieved)
    {
        foreach (var item in new XmlElements(content, Lists).Read().Take(3))
            if (item.Value.Name.LocalName == "responseDate")
                return DigestDates.Day(item.Value.Value);
        return null;
    }

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        var (records, headers, answered, broken) = (0, 0, false, false);
        XElement? token = null;
        foreach (var item in new XmlElements(content, Lists).Read())
        {
            answered |= item.Path.Contains('/', StringComparison.Ordinal);
            switch (item.Value.Name.LocalName)
            {
                case var _ when item.Problem is not null:
                    broken = true;
                    yield return item.Problem;
                    break;
                case "responseDate" or "request":
                    break;
                case "record":
                    records++;
                    foreach (var read in Record(item, context))
                        yield return read;
                    break;
                case "header":
                    headers++;
                    break;
                case "resumptionToken":
                    token = item.Value;
                    break;
                case "error":
                    answered = true;
                    if (Error(item) is { } error)
                        yield return error;
                    break;
                case "Identify" or "ListSets" or "ListMetadataFormats":
                    answered = true;
                    yield return item.Report($"an answer to {item.Value.Name.LocalName} holds no papers");
                    break;
                default:
                    yield return item.Report($"no element of OAI-PMH: {item.Value.Name.LocalName}");
                    break;
            }
        }

        if (headers > 0)
            yield return Place("the whole", $"{headers} identifiers without their records: ask for ListRecords");
        if (!broken && token is not null && Count(token, records + headers) is { } count)
            yield return count;
        if (!broken && !answered)
            yield return Place("the whole", $"the answer holds neither records nor an error");
    }

    private static IEnumerable<ParsedItem> Record(XmlItem item, DigestContext context)
    {
        var header = Child(item.Value, "header");
        // What was deleted was announced once, and is announced no more.
        if (header?.Attribute("status")?.Value == "deleted")
            yield break;
        var metadata = Child(item.Value, "metadata")?.Elements().FirstOrDefault();
        if (metadata is null)
        {
            yield return item.Report("a record without metadata");
            yield break;
        }

        var identifier = header is null ? null : OaiRecord.Text(header, "identifier");
        if (!OaiRecord.Knows(metadata))
            yield return item.Report($"metadata in a format that is not read: {metadata.Name.LocalName}");
        else if (OaiRecord.Read(metadata, header, context) is { } entry)
            yield return new ParsedEntry(entry);
        else
            yield return new ReportedPlace(
                item.Position,
                "a record without a title, or without an id",
                identifier ?? ""
            );
    }

    private static ReportedPlace? Error(XmlItem item)
    {
        var code = item.Value.Attribute("code")?.Value ?? "without a code";
        var text = Folding.Fold(item.Value.Value);
        // A quiet day.
        return code == "noRecordsMatch"
            ? null
            : new ReportedPlace(
                item.Position,
                $"the repository answered with an error: {Rejections.Excerpt(text.Length > 0 ? $"{code}: {text}" : code)}",
                Rejections.Excerpt(text)
            );
    }

    // A page that is not the last one names the next by its token; how many records it should hold, none says.
    private static ReportedPlace? Count(XElement token, int records)
    {
        if (Number(token, "completeListSize") is not { } complete || Number(token, "cursor") is not { } cursor)
            return null;
        var isLast = string.IsNullOrWhiteSpace(token.Value);
        return (isLast ? cursor + records == complete : cursor + records <= complete)
            ? null
            : Place(
                "declared count",
                $"the list declares {complete} records; {cursor} before this {(isLast ? "last " : "")}page and {records} on it were read"
            );
    }

    private static long? Number(XElement element, string name) =>
        long.TryParse(element.Attribute(name)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static XElement? Child(XElement element, string name) =>
        element.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    private static ReportedPlace Place(string position, FormattableString reason) =>
        new(position, reason.ToString(CultureInfo.InvariantCulture), "");
}
