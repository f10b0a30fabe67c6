namespace PaperPipeline.Parser.Feeds;

/// <summary>A link of a feed or of one of its entries.</summary>
/// <param name="Address">Where it leads, as it is written.</param>
/// <param name="Relation">What it is to the entry (RFC 8288), such as <c>alternate</c>.</param>
/// <param name="Title">Its title.</param>
/// <param name="Type">Media type of what it leads to.</param>
internal readonly record struct FeedLink(string Address, string Relation, string? Title = null, string? Type = null);

/// <summary>What a feed says of itself before its first entry.</summary>
internal sealed class FeedHead
{
    /// <summary>Local name of the element at the top, in lower case, such as <c>rss</c>.</summary>
    public string Root { get; set; } = "";

    public FeedText? Title { get; set; }

    public string? Id { get; set; }

    public FeedText? Description { get; set; }

    /// <summary>When it was made or changed.</summary>
    public string? Date { get; set; }

    public string? Language { get; set; }

    /// <summary>What addresses in it are relative to, where it says so.</summary>
    public string? Base { get; set; }

    public List<FeedLink> Links { get; } = [];

    /// <summary>How many entries it lists, as RSS 1.0 does; null where it lists none.</summary>
    public int? Listed { get; set; }

    /// <summary>OpenSearch: how many entries there are in all.</summary>
    public int? TotalResults { get; set; }

    /// <summary>OpenSearch: how many entries there are on a page.</summary>
    public int? ItemsPerPage { get; set; }

    /// <summary>OpenSearch: where this page begins.</summary>
    public int? StartIndex { get; set; }

    /// <summary>The page that the feed belongs to, or else the feed's own address.</summary>
    public string? Address =>
        Links.Find(l => l.Relation == "alternate").Address ?? Links.Find(l => l.Relation == "self").Address ?? Id;

    /// <summary>True when the feed says that it is of this host, in its id or a link of its own.</summary>
    public bool IsOf(params ReadOnlySpan<string> hosts)
    {
        foreach (var value in Links.Where(l => l.Relation is "alternate" or "self").Select(l => l.Address).Append(Id))
            if (FeedAddress.Host(value) is { } host && hosts.Contains(host))
                return true;
        return false;
    }
}

/// <summary>What an entry of a feed says, whatever the form of the feed.</summary>
internal sealed class FeedEntry
{
    public FeedText? Title { get; set; }

    /// <summary>A shorter text: summary or description.</summary>
    public FeedText? Summary { get; set; }

    /// <summary>The whole text.</summary>
    public FeedText? Content { get; set; }

    public string? Id { get; set; }

    public List<FeedLink> Links { get; } = [];

    /// <summary>Names as they are written, one person each.</summary>
    public List<string> Authors { get; } = [];

    /// <summary>What Dublin Core calls creators: a person each, or a line of many.</summary>
    public List<string> Creators { get; } = [];

    public List<string> Affiliations { get; } = [];

    public List<string> Categories { get; } = [];

    public string? PrimaryCategory { get; set; }

    public string? Published { get; set; }

    public string? Updated { get; set; }

    /// <summary>What it states as identifiers of the paper, such as a DOI.</summary>
    public List<string> Identifiers { get; } = [];

    public string? AnnounceType { get; set; }

    public string? Comment { get; set; }

    public string? JournalRef { get; set; }

    /// <summary>Journal, volume, issue, first and last page, as PRISM names them.</summary>
    public Dictionary<string, string> Publication { get; } = new(StringComparer.Ordinal);

    public string? Licence { get; set; }

    public string? Rights { get; set; }

    public string? Language { get; set; }

    /// <summary>The page of the entry: what it is an alternate of, or an id that is an address.</summary>
    public string? Link =>
        Links.Find(l => l is { Relation: "alternate", Type: null or "text/html" or "application/xhtml+xml" }).Address
        ?? Links.Find(l => l.Relation == "alternate").Address
        ?? (FeedAddress.IsWeb(Id) ? Id : null)
        ?? Links.Find(l => l.Relation is not ("self" or "edit" or "replies" or "license" or "enclosure")).Address;
}
