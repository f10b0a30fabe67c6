namespace PaperPipeline.Tests.Parser;

public sealed class ScholarAlertTests
{
    internal const string Alert = """
        <!doctype html><html><body><div>
        <h3><span>[PDF]</span> <a href="http://scholar.google.com/scholar_url?url=https://arxiv.org/pdf/2610.00001v2&amp;hl=en&amp;sa=X&amp;scisig=s3cr3t&amp;hist=ADA:1" class="gse_alrt_title">Counting Lanterns at <b>Dusk</b></a></h3>
        <div style="color:#006621">A Löwe, BC Writer, J O'Neill… - arXiv preprint arXiv:2610.00001, 2026</div>
        <div class="gse_alrt_sni">We count lanterns that stand in the <br>harbour, and the light-<br>houses behind …</div>
        <div><table><tr><td><a href="http://scholar.google.com/scholar_share?url=https://arxiv.org/pdf/2610.00001v2"><img alt="Twitter"></a></td></tr></table></div><br>
        <h3><a href="http://scholar.google.com/scholar_url?url=https://link.springer.com/chapter/10.1007/978-3-030-00000-1_2&amp;hl=en&amp;hist=ADA:1" class="gse_alrt_title">Folding Maps of Meadows</a></h3>
        <div>D Author - Journal of Maps, 2025 - Springer</div>
        <div class="gse_alrt_sni">Maps are folded.</div><br>
        <h3><a href="http://scholar.google.com/scholar_url?url=https://lamps.example.org/p/7%3Fid%3D3&amp;hl=en" class="gse_alrt_title">Mending Kettles</a></h3>
        <div>E Ditor, F Older - … of Kettles and Pots, 2024</div>
        <p>This alert is sent by Google Scholar.<a href="http://scholar.google.com/scholar_alerts?view_op=cancel_alert_options&amp;email_for_op=ada.reader%40mail.example.org">Cancel alert</a>
        <img src="http://scholar.google.com/scholar_url?url=http://scholar.google.com/scholar/images/cleardot.gif" width="1"></p></div></body></html>
        """;

    [Fact]
    public void An_alert_gives_titles_authors_venues_and_the_real_links()
    {
        var digest = Pages.Parse(Alert);
        var entries = digest.Entries();

        Assert.Equal("google-scholar-alert", digest.Shape);
        Assert.Empty(digest.Places());
        Assert.Equal(
            ["Counting Lanterns at Dusk", "Folding Maps of Meadows", "Mending Kettles"],
            entries.Select(e => e.Title)
        );
        Assert.Equal(["A Löwe", "BC Writer", "J O'Neill"], entries[0].Authors);
        Assert.Equal(("2610.00001", 2), (entries[0].Identifiers!.Arxiv, entries[0].PaperVersion));
        Assert.Equal("10.1007/978-3-030-00000-1_2", entries[1].Identifiers!.Doi);
        Assert.Null(entries[2].Identifiers);
        Assert.Equal([null, "Journal of Maps, 2025 - Springer", null], entries.Select(e => e.JournalRef));
        Assert.Equal("… of Kettles and Pots, 2024", entries[2].Extra!["venue"]);
        Assert.Equal([2026, null, 2024], entries.Select(e => e.PublishedAt?.Year));
        Assert.Equal(
            [
                "https://arxiv.org/pdf/2610.00001v2",
                "https://link.springer.com/chapter/10.1007/978-3-030-00000-1_2",
                "https://lamps.example.org/p/7?id=3",
            ],
            entries.Select(e => Assert.Single(e.Links!).Url)
        );
        Assert.All(entries, e => Assert.Equal("google-scholar", e.Source));
    }

    [Fact]
    public void A_snippet_is_no_abstract()
    {
        var entries = Pages.Parse(Alert).Entries();

        Assert.All(entries, e => Assert.Null(e.Abstract));
        Assert.Equal(
            "We count lanterns that stand in the harbour, and the light-houses behind …",
            entries[0].Extra!["snippet"]
        );
    }

    [Fact]
    public void An_alert_that_lost_its_classes_on_the_way_is_read_too() =>
        Assert.Equal(
            3,
            Pages
                .Parse(
                    Alert
                        .Replace("class=\"gse_alrt_title\"", "", StringComparison.Ordinal)
                        .Replace("class=\"gse_alrt_sni\"", "", StringComparison.Ordinal)
                )
                .Entries()
                .Length
        );

    [Fact]
    public void What_a_changed_layout_makes_unreadable_is_reported()
    {
        var digest = Pages.Parse(
            Alert
                .Replace("<div>D Author - Journal of Maps, 2025 - Springer</div>", "", StringComparison.Ordinal)
                .Replace("<div class=\"gse_alrt_sni\">Maps are folded.</div>", "", StringComparison.Ordinal)
                .Replace("<p>This", "<h3>A title without a link</h3><p>This", StringComparison.Ordinal)
        );

        Assert.Equal(3, digest.Entries().Length);
        Assert.Equal(["title 2", "heading 1"], digest.Places().Select(p => p.Position));
    }

    [Fact]
    public void An_alert_as_text_gives_the_same()
    {
        var digest = Pages.Parse(
            """
            [PDF] Counting Lanterns
            at Dusk
            <http://scholar.google.com/scholar_url?url=https://arxiv.org/pdf/2610.00001v2&hl=en&scisig=s3cr3t>
            A Löwe, BC Writer - arXiv preprint arXiv:2610.00001, 2026
            We count lanterns that stand in
            the harbour …

            Folding Maps of Meadows <http://scholar.google.com/scholar_url?url=https://lamps.example.org/p/7&hl=en>
            D Author - Journal of Maps, 2025
            Maps are folded.

            This alert is sent by Google Scholar. Google Scholar is a service by Google.
            Cancel alert <http://scholar.google.com/scholar_alerts?email_for_op=ada.reader%40mail.example.org>
            """
        );
        var entries = digest.Entries();

        Assert.Equal("google-scholar-alert", digest.Shape);
        Assert.Empty(digest.Places());
        Assert.Equal(["Counting Lanterns at Dusk", "Folding Maps of Meadows"], entries.Select(e => e.Title));
        Assert.Equal("We count lanterns that stand in the harbour …", entries[0].Extra!["snippet"]);
        Assert.Equal(["D Author"], entries[1].Authors);
    }

    [Fact]
    public void Cut_at_any_byte_nothing_is_lost_in_silence() => Hostile.CutAnywhere(Alert);

    [Fact]
    public void A_line_of_many_addresses_is_looked_through_once()
    {
        const string address = "https://scholar.google.com/scholar_url?url=https://arxiv.org/abs/2610.00001";
        var many = string.Concat(Enumerable.Repeat(address, 3000));
        var digest = Pages.Parse($"{many} and more\n\nMending Kettles\n{address}\nA Uthor - Lids, 2026\n");

        Assert.EndsWith("Mending Kettles", Assert.Single(digest.Entries()).Title, StringComparison.Ordinal);
    }
}
