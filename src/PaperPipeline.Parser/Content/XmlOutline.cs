using System.Xml;
using System.Xml.Linq;

namespace PaperPipeline.Parser.Content;

/// <summary>The elements that XML begins with.</summary>
internal sealed class XmlOutline
{
    private const int Deepest = 8;
    private const int MostElements = 3000;
    private readonly HashSet<string> paths = new(StringComparer.Ordinal);
    private readonly HashSet<string> namespaces = new(StringComparer.Ordinal);

    private XmlOutline() { }

    /// <summary>The element at the top; null where there is none to be read.</summary>
    public XName? Root { get; private set; }

    /// <summary>Namespaces of the elements that were looked at.</summary>
    public IReadOnlySet<string> Namespaces => namespaces;

    /// <summary>True when all the paths of local names are there, such as <c>feed/entry/id</c>.</summary>
    public bool Has(params ReadOnlySpan<string> all)
    {
        foreach (var path in all)
            if (!paths.Contains(path))
                return false;
        return true;
    }

    /// <summary>The element at the top, for a person.</summary>
    public string Describe() => Root is null ? "no element that can be read" : $"root element {Root.LocalName}";

    public static XmlOutline Of(DigestContent content)
    {
        var outline = new XmlOutline();
        if (content.Kind is not (ContentKind.Xml or ContentKind.Html))
            return outline;
        try
        {
            using var reader = SafeXml.Open(content);
            var path = new List<string>();
            for (var n = 0; n < MostElements && reader.Read(); )
            {
                if (reader.NodeType != XmlNodeType.Element)
                    continue;
                n++;
                outline.Root ??= XName.Get(reader.LocalName, reader.NamespaceURI);
                outline.namespaces.Add(reader.NamespaceURI);
                if (reader.Depth >= Deepest)
                    continue;
                path.RemoveRange(reader.Depth, path.Count - reader.Depth);
                path.Add(reader.LocalName);
                outline.paths.Add(string.Join('/', path));
            }
        }
        catch (XmlException)
        {
            // What came before is the outline; whoever reads it reports the place.
        }

        return outline;
    }
}
