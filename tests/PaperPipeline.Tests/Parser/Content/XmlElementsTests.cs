using System.Text;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Tests.Parser.Content;

public sealed class XmlElementsTests
{
    private static List<XmlItem> Read(string xml, params string[] containers) =>
        [.. new XmlElements(Contents.Of(xml), containers).Read()];

    [Fact]
    public void Everything_below_the_containers_comes_in_order_with_its_position()
    {
        var items = Read(
            """
            <?xml version="1.0"?>
            <rss version="2.0"><channel><title>T</title>
              <item><title>One</title></item><item/>
              <item><description><![CDATA[<b>]]>x</description></item></channel><other/></rss>
            """,
            "channel"
        );

        Assert.Equal(["title", "item", "item", "item", "other"], items.Select(i => i.Value.Name.LocalName));
        Assert.Equal(["rss/channel", "rss"], items.Select(i => i.Path).Distinct());
        Assert.Equal("element 4 (line 4)", items[3].Position);
        Assert.Equal("<b>x", items[3].Value.Value);
    }

    [Fact]
    public void Names_of_HTML_are_resolved_and_what_is_no_entity_stands_for_itself()
    {
        var items = Read(
            "<f><t a='&eacute;&lt;'>caf&eacute; &amp; A & B&#233; \u0001</t><t><![CDATA[&eacute;]]></t></f>"
        );

        Assert.Equal("café & A & Bé \uFFFD", items[0].Value.Value);
        Assert.Equal("é<", items[0].Value.Attribute("a")!.Value);
        Assert.Equal("&eacute;", items[1].Value.Value);
    }

    [Theory]
    [InlineData("<!DOCTYPE r [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><r><t>&b;</t></r>")]
    [InlineData("<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r><t>&x;</t></r>")]
    public void Entities_of_a_DOCTYPE_do_not_exist(string xml)
    {
        var problem = Assert.Single(Read(xml)).Problem;

        Assert.Contains("undeclared entity", problem!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_DOCTYPE_alone_does_no_harm() =>
        Assert.Equal(
            "x",
            Assert
                .Single(
                    Read(
                        "<!DOCTYPE rss PUBLIC \"-//N//DTD RSS 0.91//EN\" \"http://localhost:1/rss.dtd\"><rss><t>x</t></rss>"
                    )
                )
                .Value.Value
        );

    [Fact]
    public void Cut_at_any_character_the_rest_is_one_place()
    {
        const string xml = "<?xml version='1.0'?><f x='1'><e>a &amp; b</e><!-- c --><e><![CDATA[d]]></e></f>";
        for (var length = 1; length < xml.Length; length++)
        {
            if (Contents.Of(xml[..length]).Kind != ContentKind.Xml)
                continue;
            var items = Read(xml[..length]);
            Assert.NotNull(items[^1].Problem);
            Assert.All(items.SkipLast(1), i => Assert.Null(i.Problem));
        }
    }

    [Fact]
    public void Elements_that_lie_too_deep_or_are_too_large_end_the_reading()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 200_000));
        Assert.Contains("deep", Assert.Single(Read("<f>" + deep)).Problem!.Reason, StringComparison.Ordinal);
        var large = $"<f><e>{new string('x', XmlElements.LargestElement + 1)}</e></f>";
        Assert.Contains("larger than", Assert.Single(Read(large)).Problem!.Reason, StringComparison.Ordinal);
        var data = large.Replace("<e>", "<e><![CDATA[", StringComparison.Ordinal);
        Assert.Contains("larger than", Assert.Single(Read(data)).Problem!.Reason, StringComparison.Ordinal);
        var pieces = $"<f><e>{string.Concat(Enumerable.Repeat(new string('x', 1000) + "<b/>", 5000))}</e></f>";
        Assert.Contains("larger than", Assert.Single(Read(pieces)).Problem!.Reason, StringComparison.Ordinal);
        var many = string.Concat(Enumerable.Repeat("<e/>", XmlElements.MostElements + 1));
        var last = new XmlElements(Contents.Of($"<f>{many}</f>")).Read().Last();
        Assert.Contains("1000000 elements", last.Problem!.Reason, StringComparison.Ordinal);
        var marked = $"<f><e {string.Join(' ', Enumerable.Range(1, 1001).Select(n => $"a{n}='1'"))}/></f>";
        Assert.Contains("1000 attributes", Assert.Single(Read(marked)).Problem!.Reason, StringComparison.Ordinal);
        var tag = $"<f><e a='{new string('x', XmlCharacters.LongestTag + 1)}'/></f>";
        Assert.Contains("tag", Assert.Single(Read(tag)).Problem!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iso-8859-1")]
    [InlineData("windows-1251")]
    [InlineData("utf-16")]
    [InlineData("shift_jis")]
    public void The_declared_encoding_counts(string name)
    {
        Encoding encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        var text = name is "windows-1251" or "shift_jis" ? "\u0416" : "\u00E9";
        byte[] bytes =
        [
            .. encoding.GetPreamble(),
            .. encoding.GetBytes($"<?xml version='1.0' encoding='{name}'?><f><t>{text}</t></f>"),
        ];

        var item = Assert.Single(new XmlElements(Contents.Of(bytes)).Read());

        Assert.Equal(text, item.Value.Value);
    }

    [Fact]
    public void The_charset_of_the_media_type_comes_before_the_declaration_and_windows_1252_last()
    {
        var bytes = Encoding.Latin1.GetBytes("<?xml version='1.0' encoding='utf-8'?><f><t>caf\u00E9</t></f>");
        var served = Contents.Of(bytes, "application/rss+xml; charset=ISO-8859-1");
        var undeclared = Contents.Of(Encoding.Latin1.GetBytes("<f><t>caf\u00E9</t></f>"));
        var lying = Contents.Of(bytes);

        Assert.All(
            [served, undeclared, lying],
            content => Assert.Equal("caf\u00E9", Assert.Single(new XmlElements(content).Read()).Value.Value)
        );
        Assert.Null(served.EncodingNote);
        Assert.Null(undeclared.EncodingNote);
        Assert.Contains("windows-1252", lying.EncodingNote!.Reason, StringComparison.Ordinal);
    }
}
