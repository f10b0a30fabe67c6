namespace PaperPipeline.Parser.Trending;

/// <summary>Makes papers of blocks, holding no more of them than a decision needs.</summary>
internal sealed class PaperAssembler(DigestContext context)
{
    private const int LongestRun = 64;
    private readonly List<Block> _run = [];
    private readonly List<Block> _waiting = [];
    private Block? _title;
    private int _ordinal;

    public IEnumerable<ParsedItem> Add(Block block)
    {
        _waiting.Add(block);
        if (block.Problem is null && !block.IsAnchor)
            _run.Add(block);
        if (block.IsAnchor)
            return Release(RoleResolver.Resolve(_run, _title is not null, beforeAbstract: true), _waiting.Count);
        if (_run.Count >= LongestRun)
            return Release(RoleResolver.Resolve(_run, _title is not null, beforeAbstract: null), _waiting.Count / 2);
        // Blocks that are only reported need not wait when nothing before them does.
        return _waiting.Count >= 4 * LongestRun || _run.Count == 0 ? Release([], _waiting.IndexOf(block) + 1) : [];
    }

    public IEnumerable<ParsedItem> End()
    {
        foreach (
            var item in Release(RoleResolver.Resolve(_run, _title is not null, beforeAbstract: false), _waiting.Count)
        )
            yield return item;
        if (_title is { } title)
            yield return Entry(title, null);
        _title = null;
    }

    private List<ParsedItem> Release(bool[] roles, int count)
    {
        if (roles.Length == 0 && _run.Count > 0)
            roles = RoleResolver.Resolve(_run, _title is not null, beforeAbstract: null);
        var (items, taken) = (new List<ParsedItem>(), 0);
        foreach (var block in _waiting.Take(count))
        {
            if (block.Notes is { } notes)
                items.AddRange(notes);
            if (block.Problem is { } problem)
                items.Add(block.Report(problem));
            else if (block.IsAnchor || roles[taken++])
                items.Add(Abstract(block));
            else
                Title(block, items);
        }

        _run.RemoveRange(0, taken);
        _waiting.RemoveRange(0, count);
        return items;
    }

    private void Title(Block block, List<ParsedItem> items)
    {
        if (_title is { } former)
            items.Add(Entry(former, null));
        _title = block;
    }

    private ParsedItem Abstract(Block block)
    {
        if (_title is not { } title)
            return block.Report(
                "an abstract without a title: the title is missing or not to be told from the abstract"
            );
        _title = null;
        return Entry(title, block.Text);
    }

    private ParsedEntry Entry(Block title, string? text)
    {
        var ordinal = ++_ordinal;
        return new ParsedEntry(
            context.Entry(TrendingTextShape.Source, title.Text) with
            {
                Abstract = text,
                Rank = ordinal,
            }
        );
    }
}
