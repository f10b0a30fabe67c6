using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Parser.Content;

/// <summary>One element of XML, or the place from which it cannot be read.</summary>
/// <param name="Position">Where it is: <c>element 3 (line 120)</c>.</param>
/// <param name="Value">The element with all that is in it.</param>
/// <param name="Path">The local names of the elements around it, such as <c>rss/channel</c>.</param>
/// <param name="Problem">Set where there is none: what to report.</param>
internal readonly record struct XmlItem(string Position, XElement Value, string Path, ReportedPlace? Problem)
{
    /// <summary>Reports the element.</summary>
    public ReportedPlace Report(string reason) =>
        new(Position, reason, Rejections.Excerpt(Folding.Fold($"<{Value.Name.LocalName}> {Value.Value}")));
}

/// <summary>
/// Streams the elements of XML, holding one at a time: everything below the containers, in order. Where the XML breaks off,
/// or an element exceeds the limits, the rest is reported as one place.
/// </summary>
/// <param name="content">The digest.</param>
/// <param name="containers">
/// Local names of the elements to go into, such as <c>rss</c> and <c>channel</c>; the one at the top always is.
/// </param>
internal sealed class XmlElements(DigestContent content, params string[] containers)
{
    /// <summary>Greatest size of one element, in characters.</summary>
    public const int LargestElement = 4 * 1024 * 1024;

    /// <summary>Greatest number of elements below the containers, also of those that say nothing of papers.</summary>
    public const int MostElements = 1_000_000;

    // The work of adding one grows with those that are there.
    private const int MostAttributes = 1000;

    // Real feeds write CHANNEL too.
    private readonly HashSet<string> containers = new(containers, StringComparer.OrdinalIgnoreCase);

    /// <summary>The element at the top with its attributes, without what is in it; null until it was read.</summary>
    public XElement? Top { get; private set; }

    /// <summary>The elements, in order.</summary>
    public IEnumerable<XmlItem> Read()
    {
        using var reader = SafeXml.Open(content);
        var around = new List<string>();
        for (var number = 1; ; number++)
        {
            XElement? element = null;
            ReportedPlace? problem = null;
            var line = 0;
            try
            {
                element = Next(reader, around, out line);
                if (number > MostElements && element is not null)
                    throw new InvalidDataException($"it has more than {MostElements} elements");
            }
            catch (Exception broken) when (broken is XmlException or InvalidDataException)
            {
                element = null;
                problem = new ReportedPlace(
                    At(number, ((IXmlLineInfo)reader).LineNumber),
                    $"the XML cannot be read from here on: {broken.Message.TrimEnd('.')}",
                    ""
                );
            }

            if (problem is not null)
                yield return new XmlItem(problem.Position, new XElement("none"), "", problem);
            if (element is null)
                yield break;
            yield return new XmlItem(At(number, line), element, string.Join('/', around), null);
        }
    }

    private static string At(int number, int line) =>
        string.Create(CultureInfo.InvariantCulture, $"element {number} (line {line})");

    private XElement? Next(XmlReader reader, List<string> around, out int line)
    {
        // After an element the reader stands behind it already.
        while (reader.ReadState != ReadState.Initial || reader.Read())
        {
            if (reader.ReadState == ReadState.EndOfFile)
                break;
            if (reader.NodeType == XmlNodeType.Element)
            {
                var isContainer =
                    reader.Depth == 0 || (reader.Depth == around.Count && containers.Contains(reader.LocalName));
                if (!isContainer)
                {
                    line = ((IXmlLineInfo)reader).LineNumber;
                    return Element(reader);
                }

                if (reader.Depth == 0)
                    Top = Start(reader);
                if (!reader.IsEmptyElement)
                    around.Add(reader.LocalName);
            }
            else if (reader.NodeType == XmlNodeType.EndElement)
            {
                around.RemoveAt(around.Count - 1);
            }

            if (!reader.Read())
                break;
        }

        line = 0;
        return null;
    }

    // XNode.ReadFrom knows no limits.
    private static XElement Element(XmlReader reader)
    {
        var top = Start(reader);
        var (current, size) = (top, 0L);
        if (reader.IsEmptyElement)
        {
            reader.Read();
            return top;
        }

        var depth = 1;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    var child = Start(reader);
                    size += 64;
                    current.Add(child);
                    if (reader.IsEmptyElement)
                        break;
                    if (++depth > SafeXml.Deepest)
                        throw new InvalidDataException($"elements lie more than {SafeXml.Deepest} deep");
                    current = child;
                    break;
                case XmlNodeType.EndElement:
                    if (--depth == 0)
                    {
                        reader.Read();
                        return top;
                    }

                    current = current.Parent!;
                    break;
                case XmlNodeType.Text
                or XmlNodeType.CDATA
                or XmlNodeType.SignificantWhitespace
                or XmlNodeType.Whitespace:
                    size += reader.Value.Length;
                    current.Add(new XText(reader.Value));
                    break;
            }

            if (size > LargestElement)
                throw new InvalidDataException(
                    $"one element is larger than {LargestElement / 1024 / 1024} Mi characters"
                );
        }

        throw new InvalidDataException("it ends in the middle of an element");
    }

    private static XElement Start(XmlReader reader)
    {
        var element = new XElement(XName.Get(reader.LocalName, reader.NamespaceURI));
        if (reader.AttributeCount > MostAttributes)
            throw new InvalidDataException($"an element has more than {MostAttributes} attributes");
        if (!reader.MoveToFirstAttribute())
            return element;
        do
        {
            if (reader.NamespaceURI != "http://www.w3.org/2000/xmlns/")
                element.SetAttributeValue(XName.Get(reader.LocalName, reader.NamespaceURI), reader.Value);
        } while (reader.MoveToNextAttribute());
        reader.MoveToElement();
        return element;
    }
}
