using PaperPipeline.Contracts;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Newsletters;

/// <summary>How sure it is that a text is the title of a paper.</summary>
internal enum TitleRank
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Words of a sentence that link to it.</summary>
    Words,

    /// <summary>A line above the link.</summary>
    Above,

    /// <summary>A heading above the link, or what stands beside it.</summary>
    Beside,

    /// <summary>The text of the link that is the line, or its heading.</summary>
    Own,
}

/// <summary>A paper that a newsletter links to, while its lines are read.</summary>
internal sealed class Mention(PaperLink paper, string position, DateOnly? day)
{
    // Enough for a person to see what was said.
    private const int LongestText = 2000;

    private TitleRank rank;

    /// <summary>The addresses that lead to it.</summary>
    public List<string> Addresses { get; } = [paper.Url];

    /// <summary>Where it was first.</summary>
    public string Position { get; } = position;

    /// <summary>The identifiers that its links state together.</summary>
    public Identifiers? Identifiers { get; private set; } = paper.Identifiers;

    public string? Title { get; private set; }

    public string? Abstract { get; set; }

    public IReadOnlyList<string>? Authors { get; set; }

    public IReadOnlyList<string>? Categories { get; set; }

    public string? Code { get; set; }

    public string? Project { get; set; }

    public int? Votes { get; set; }

    /// <summary>What the newsletter says of it.</summary>
    public string? Text { get; private set; }

    /// <summary>What a line says of it that is named, such as a summary.</summary>
    public Dictionary<string, string> Named { get; } = new(StringComparer.Ordinal);

    /// <summary>How it is described where it has no title.</summary>
    public string Url => paper.Url;

    public bool IsTitled(TitleRank atLeast) => rank >= atLeast;

    /// <summary>Offers a title; the first of the surest ones is taken.</summary>
    public void Offer(string? title, TitleRank sure)
    {
        if (title is null || sure <= rank)
            return;
        (Title, rank) = (title, sure);
    }

    /// <summary>Takes note of what is said.</summary>
    public void Say(string text)
    {
        if (text == Title || Text?.Length > LongestText)
            return;
        var all = Text is null ? text : $"{Text} {text}";
        Text = all.Length <= LongestText ? all : all[..LongestText];
    }

    /// <summary>Takes the other link for one to the same paper, unless both state what cannot be the same.</summary>
    public bool Joins(PaperLink other)
    {
        if (other.Identifiers is not { } more || Identifiers is not { } known)
            return false;
        if (
            (more.Arxiv is not null && known.Arxiv is not null)
            || (more.Doi is not null && known.Doi is not null)
            || (more.Openreview is not null && known.Openreview is not null)
        )
            return false;
        Identifiers = new Identifiers
        {
            Arxiv = known.Arxiv ?? more.Arxiv,
            Doi = known.Doi ?? more.Doi,
            Openreview = known.Openreview ?? more.Openreview,
        };
        return true;
    }

    /// <summary>The paper as an entry.</summary>
    public Entry ToEntry(DigestContext context, string source)
    {
        var links = new List<Link>();
        if (Identifiers is null)
            links.Add(new Link { Url = paper.Url, Kind = "paper" });
        if (Code is not null)
            links.Add(new Link { Url = Code, Kind = "code" });
        if (Project is not null)
            links.Add(new Link { Url = Project, Kind = "project" });
        if (Text is not null)
            Named["mention"] = Mail.PersonalText.Redact(Text);
        return context.Entry(source, Title!) with
        {
            Abstract = Abstract,
            Authors = Authors,
            Categories = Categories,
            Identifiers = Identifiers,
            PaperVersion = paper.Version,
            Links = links,
            CodeUrl = Code,
            Repository = Repositories.NameOf(Code),
            Upvotes = Votes,
            Day = day,
            Extra = Named,
        };
    }
}
