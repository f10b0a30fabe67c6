using System.Text.RegularExpressions;
using PaperPipeline.Contracts;
using PaperPipeline.Parser.Newsletters;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Markdown;

/// <summary>What a column of a table of papers holds.</summary>
internal enum ColumnKind
{
    Other,
    Title,
    Authors,
    Date,
    Link,
    Code,
    Project,
    Abstract,
    Summary,
    Venue,
    Categories,
    Votes,
    Stars,
}

/// <summary>A table whose rows are papers.</summary>
internal sealed partial class MarkdownTable
{
    /// <summary>Greatest number of cells of a row.</summary>
    public const int MostCells = 200;

    // To find out which cells belong together takes time that grows with the square of the columns.
    private const int MostFitted = 20;

    private readonly IReadOnlyList<(string Name, ColumnKind Kind)> columns;
    private readonly IReadOnlyDictionary<string, string> references;
    private readonly bool titleHoldsAuthors;

    private MarkdownTable(
        IReadOnlyList<(string Name, ColumnKind Kind)> columns,
        IReadOnlyDictionary<string, string> references,
        bool titleHoldsAuthors
    ) => (this.columns, this.references, this.titleHoldsAuthors) = (columns, references, titleHoldsAuthors);

    /// <summary>Its rows end with the mark of a cell.</summary>
    public bool ClosesRows { get; private init; }

    /// <summary>How many cells a row has.</summary>
    public int Width => columns.Count;

    /// <summary>The columns say that the rows are papers, whatever the rows link to.</summary>
    public bool IsOfPapers =>
        Has(ColumnKind.Title)
        && (
            Has(ColumnKind.Authors)
            || Has(ColumnKind.Link)
            || Has(ColumnKind.Abstract)
            || Has(ColumnKind.Date)
            || Has(ColumnKind.Summary)
        );

    /// <summary>The table that has this row of names at its top.</summary>
    public static MarkdownTable Of(string header, IReadOnlyDictionary<string, string> references)
    {
        var named = MarkdownRow
            .Split(header)
            .Take(MostCells)
            .Select(cell => Folding.Fold(MarkdownInline.Read(cell, references).Text))
            .Select(name => (name, Kind(name)))
            .ToList();
        return new MarkdownTable(named, references, named.Exists(c => TitleAndAuthors().IsMatch(c.name)))
        {
            ClosesRows = MarkdownRow.EndsCell(header),
        };
    }

    /// <summary>The paper of a row; or the place to report; null for a row that is empty, or of a table of other things.</summary>
    public ParsedItem? Row(
        IReadOnlyList<string> cells,
        string position,
        string row,
        DigestContext context,
        DateOnly? day
    )
    {
        if (cells.All(c => c.Trim().Length == 0))
            return null;
        if (cells.Count > MostCells)
            return new ReportedPlace(
                position,
                $"a row of more than {MostCells} cells",
                Rejections.Excerpt(Folding.Fold(row))
            );
        var pieces = Fit([.. cells.Select(c => MarkdownInline.Read(c, references))]);
        var paper = pieces
            .SelectMany(p => p.Links)
            .Select(l => PaperLink.Of(l.Address))
            .FirstOrDefault(p => p is not null);
        var identifiers = Identifiers(pieces, paper);
        if (!IsOfPapers && paper is null)
            return null;
        var (title, segments) = Title(pieces);
        if (title is null)
            return new ReportedPlace(position, "a row without a title", Rejections.Excerpt(Folding.Fold(row)));
        var authors = Cell(pieces, ColumnKind.Authors)?.Text ?? (segments.Length > 1 ? segments[1] : null);
        if (paper is null && identifiers is null && string.IsNullOrWhiteSpace(authors) && !Has(ColumnKind.Authors))
            return new ReportedPlace(
                position,
                "a row without a link to a paper",
                Rejections.Excerpt(Folding.Fold(row))
            );
        var code = Code(pieces);
        var project = Cell(pieces, ColumnKind.Project)
            ?.Links.Select(l => PaperLink.Public(l.Address))
            .FirstOrDefault(l => l is not null);
        var links = new List<Link>();
        if (paper is { Identifiers: null })
            links.Add(new Link { Url = paper.Url, Kind = "paper" });
        if (code is not null)
            links.Add(new Link { Url = code, Kind = "code" });
        if (project is not null && project != code)
            links.Add(new Link { Url = project, Kind = "project" });
        var extra = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Text(pieces, ColumnKind.Summary) is { } summary)
            extra["summary"] = summary;
        return new ParsedEntry(
            context.Entry(MarkdownShape.Source, title) with
            {
                Authors = authors is null ? null : AuthorList.Of(authors.Replace('\n', ' ')).Authors,
                Abstract = Text(pieces, ColumnKind.Abstract),
                Identifiers = identifiers,
                PaperVersion = paper?.Version,
                PublishedAt = Date(Cell(pieces, ColumnKind.Date)?.Text),
                JournalRef = Text(pieces, ColumnKind.Venue),
                Categories = Text(pieces, ColumnKind.Categories)
                    ?.Split([',', ';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                Upvotes = Count(pieces, ColumnKind.Votes),
                Stars = Count(pieces, ColumnKind.Stars),
                Links = links,
                CodeUrl = code,
                Repository = Repositories.NameOf(code),
                Day = day,
                Extra = extra,
            }
        );
    }

    private bool Has(ColumnKind kind) => columns.Any(c => c.Kind == kind);

    private MarkdownPiece? Cell(MarkdownPiece[] pieces, ColumnKind kind)
    {
        for (var i = 0; i < columns.Count && i < pieces.Length; i++)
            if (columns[i].Kind == kind)
                return pieces[i];
        return null;
    }

    private string? Text(MarkdownPiece[] pieces, ColumnKind kind) =>
        Cell(pieces, kind)?.Text.Replace('\n', ' ') is { Length: > 0 } text && !Nothing().IsMatch(text) ? text : null;

    private int? Count(MarkdownPiece[] pieces, ColumnKind kind) =>
        Cell(pieces, kind) is { } cell
        && Number().Match(cell.Text) is { Success: true } number
        && int.TryParse(
            number.Value.Replace(",", "", StringComparison.Ordinal),
            System.Globalization.CultureInfo.InvariantCulture,
            out var count
        )
            ? count
            : null;

    private (string? Title, string[] Segments) Title(MarkdownPiece[] pieces)
    {
        if (Cell(pieces, ColumnKind.Title) is { } cell)
        {
            var segments = titleHoldsAuthors ? cell.Text.Split('\n') : [cell.Text.Replace('\n', ' ')];
            // What the column itself calls the title is one, also where it is a single short word.
            var named = cell
                .Links.Where(l => PaperLink.Of(l.Address) is not null)
                .Select(l => TitleText.Clean(l.Text))
                .FirstOrDefault(t => t.Length > 0 && !TitleText.IsPointing(t));
            var first = segments.FirstOrDefault(s => s.Length > 0) ?? "";
            // "1) **Name** - what it is about, in sentences."
            if (
                cell.Strong.Count == 1
                && named is null
                && Named().Match(TitleText.Clean(first)) is { Success: true } match
                && match.Groups["name"].Value == TitleText.Clean(cell.Strong[0])
            )
                return (match.Groups["name"].Value, segments);
            var text =
                titleHoldsAuthors && first.Length > 0 ? TitleText.Clean(first)
                : named is not null && named.Length * 2 >= first.Length ? named
                : Shown(cell, first);
            return (text.Length > 0 && text.Any(char.IsLetterOrDigit) ? text : null, segments);
        }

        foreach (var (text, address) in pieces.SelectMany(p => p.Links))
            if (PaperLink.Of(address) is not null && TitleText.Clean(text) is var name && TitleText.IsTitle(name))
                return (name, []);
        var longest = pieces
            .Select(p => TitleText.Clean(p.Own.Replace('\n', ' ')))
            .Where(TitleText.IsTitle)
            .MaxBy(t => t.Length);
        return (longest, []);
    }

    // The cell without the links that say only where they lead.
    private static string Shown(MarkdownPiece cell, string text)
    {
        foreach (var (link, _) in cell.Links)
            if (
                link.Length > 0
                && TitleText.IsPointing(link)
                && text.LastIndexOf(link, StringComparison.Ordinal) is > 0 and var at
            )
                text = text.Remove(at, link.Length);
        return TitleText.Clean(text);
    }

    private Identifiers? Identifiers(MarkdownPiece[] pieces, PaperLink? paper)
    {
        var ids = paper?.Identifiers;
        foreach (
            var (_, address) in pieces
                .Where(
                    (_, i) => i >= columns.Count || columns[i].Kind is not (ColumnKind.Abstract or ColumnKind.Summary)
                )
                .SelectMany(p => p.Links)
        )
            if (PaperLink.Of(address)?.Identifiers is { } more)
                ids = new Identifiers
                {
                    Arxiv = ids?.Arxiv ?? more.Arxiv,
                    Doi = ids?.Doi ?? more.Doi,
                    Openreview = ids?.Openreview ?? more.Openreview,
                };
        // A column may hold the plain identifier.
        return ids
            ?? (Cell(pieces, ColumnKind.Link) is { } cell ? PaperIds.Of(cell.Text, "https://" + cell.Text) : null);
    }

    private string? Code(MarkdownPiece[] pieces)
    {
        var cell = Cell(pieces, ColumnKind.Code);
        foreach (var (text, address) in cell?.Links ?? [.. pieces.SelectMany(p => p.Links)])
            if (
                PaperLink.Public(address) is { } link
                && Repositories.NameOf(link) is not null
                && (cell is not null || text.Length == 0 || TitleText.IsPointing(text))
            )
                return link;
        return null;
    }

    // A mark within a cell makes two of it: they are put together again where the columns then hold what they should.
    private MarkdownPiece[] Fit(MarkdownPiece[] pieces)
    {
        var surplus = pieces.Length - columns.Count;
        if (surplus <= 0 || columns.Count > MostFitted)
            return pieces;
        return Enumerable
            .Range(0, columns.Count)
            .Select(column => Joined(pieces, column, surplus))
            .MaxBy(joined => Fitness(joined))!;
    }

    private static MarkdownPiece[] Joined(MarkdownPiece[] pieces, int column, int surplus)
    {
        var parts = pieces[column..(column + surplus + 1)];
        var one = new MarkdownPiece(
            // Its bold letters were taken for marks of two cells.
            string.Join(" | ", parts.Select(p => p.Text.Replace("**", "", StringComparison.Ordinal))),
            [.. parts.SelectMany(p => p.Links)],
            [.. parts.SelectMany(p => p.Strong)]
        );
        return [.. pieces[..column], one, .. pieces[(column + surplus + 1)..]];
    }

    private int Fitness(MarkdownPiece[] pieces)
    {
        var fitness = 0;
        var linked = columns.Any(c => c.Kind == ColumnKind.Link);
        for (var i = 0; i < columns.Count; i++)
        {
            var hasPaper = pieces[i].HasPaper;
            fitness += columns[i].Kind switch
            {
                ColumnKind.Title => (TitleText.IsTitle(pieces[i].Text) ? 2 : -2)
                    + (hasPaper && !linked ? 6 : 0)
                    + (IsJoined(pieces[i]) ? 1 : 0),
                ColumnKind.Link => hasPaper ? 6
                : pieces[i].Text.Length > 60 ? -4
                : 0,
                ColumnKind.Code => pieces[i].Links.Count > 0 || Nothing().IsMatch(pieces[i].Text) ? 3 : -3,
                ColumnKind.Date => Date(pieces[i].Text) is not null ? 6 : -6,
                ColumnKind.Authors => hasPaper ? -6
                : IsJoined(pieces[i]) ? -2
                : pieces[i].Text.Length > 400 ? -1
                : pieces[i].Text.Length > 0 && char.IsUpper(pieces[i].Text[0]) ? 1
                : 0,
                // Long texts hold marks more often than titles.
                ColumnKind.Abstract or ColumnKind.Summary => (pieces[i].Text.Length >= 60 ? 2 : 0)
                    + (IsJoined(pieces[i]) ? 2 : 0),
                _ => 0,
            };
        }

        return fitness;
    }

    private static bool IsJoined(MarkdownPiece piece) => piece.Text.Contains(" | ", StringComparison.Ordinal);

    private static DateTimeOffset? Date(string? text) =>
        DigestDates.Read(text) ?? DigestDates.Read(text?.Replace('.', '-'));

    private static ColumnKind Kind(string name) =>
        TitleName().IsMatch(name) ? ColumnKind.Title
        : AuthorsName().IsMatch(name) ? ColumnKind.Authors
        : DateName().IsMatch(name) ? ColumnKind.Date
        : CodeName().IsMatch(name) ? ColumnKind.Code
        : LinkName().IsMatch(name) ? ColumnKind.Link
        : ProjectName().IsMatch(name) ? ColumnKind.Project
        : AbstractName().IsMatch(name) ? ColumnKind.Abstract
        : SummaryName().IsMatch(name) ? ColumnKind.Summary
        : VenueName().IsMatch(name) ? ColumnKind.Venue
        : CategoryName().IsMatch(name) ? ColumnKind.Categories
        : VotesName().IsMatch(name) ? ColumnKind.Votes
        : StarsName().IsMatch(name) ? ColumnKind.Stars
        : ColumnKind.Other;

    [GeneratedRegex(
        @"^\W*(?:(?:paper )?title|papers?|paper name|paper title and link|name|标题|题目|论文|論文)(?:\W+(?:&|and|/|\+)?\W*(?:authors?|links?))?\W*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex TitleName();

    [GeneratedRegex(@"title\W+(?:&|and|/|\+)?\W*authors?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TitleAndAuthors();

    [GeneratedRegex(
        @"^\W*(?:(?:first )?authors?(?:\(s\))?|by|作者)\W*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex AuthorsName();

    [GeneratedRegex(
        @"^\W*(?:(?:publish(?:ed)?|publication|submission|submitted|release|arxiv)?\W*(?:date|day|time|year)|published|submitted|日期|时间)\W*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex DateName();

    [GeneratedRegex(
        @"^\W*(?:(?:source )?codes?|code links?|github|git|repo(?:sitory)?|implementation|代码)\W*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex CodeName();

    [GeneratedRegex(
        @"^\W*(?:pdf|(?:paper |pdf |arxiv )?(?:links?|urls?)|arxiv(?: id)?|doi|id|paper id|html|abs|read|source|链接)\W*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex LinkName();

    [GeneratedRegex(
        @"^\W*(?:project(?: page)?|web ?(?:page|site)|home ?page|demo)\W*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex ProjectName();

    [GeneratedRegex(@"^\W*(?:abstract|摘要)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AbstractName();

    [GeneratedRegex(
        @"^\W*(?:(?:ai )?summary|tl;?\s?dr|descriptions?|notes?|highlights?|key (?:points?|takeaways?|ideas?)|introduction|总结|简介)\W*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex SummaryName();

    [GeneratedRegex(
        @"^\W*(?:venue|conference|journal|publication|published in|publisher|conf)\W*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex VenueName();

    [GeneratedRegex(
        @"^\W*(?:categor(?:y|ies)|subjects?|topics?|fields?|tags?|area)\W*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex CategoryName();

    [GeneratedRegex(@"^\W*(?:(?:up)?votes?|likes|▲|👍)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex VotesName();

    [GeneratedRegex(@"^\W*(?:(?:github )?stars?|⭐)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex StarsName();

    [GeneratedRegex(
        @"^\W*(?:null|none|n/?a|nan|tba|tbd|no)?\W*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Nothing();

    [GeneratedRegex(@"^(?<name>.{2,100}?) [-–—] .{40,}\.$", RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    [GeneratedRegex("[0-9][0-9,]{0,8}", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
