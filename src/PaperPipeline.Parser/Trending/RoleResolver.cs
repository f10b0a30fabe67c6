namespace PaperPipeline.Parser.Trending;

/// <summary>Decides for a run of blocks which are titles and which abstracts, at least total cost.</summary>
internal static class RoleResolver
{
    private const double MissingAbstract = 2;
    private const double LostTitle = 8;

    /// <summary>
    /// Roles of <paramref name="run"/>; true is an abstract. <paramref name="afterTitle"/>: a title without an abstract
    /// so far stands before it. <paramref name="beforeAbstract"/>: an abstract follows, or nothing known.
    /// </summary>
    public static bool[] Resolve(IReadOnlyList<Block> run, bool afterTitle, bool? beforeAbstract)
    {
        var from = new (bool ToTitle, bool ToAbstract)[run.Count];
        var title = afterTitle ? 0 : double.PositiveInfinity;
        var other = afterTitle ? double.PositiveInfinity : 0;
        for (var i = 0; i < run.Count; i++)
        {
            var score = run[i].Score;
            from[i] = (title + MissingAbstract < other, title <= other + LostTitle);
            var nextTitle = Math.Min(title + MissingAbstract, other) + Math.Max(0, score);
            other = Math.Min(title, other + LostTitle) + Math.Max(0, -score);
            title = nextTitle;
        }

        if (beforeAbstract is true)
            other += LostTitle;
        else if (beforeAbstract is false)
            title += MissingAbstract;

        // from[i] says whether the block before i was a title, for either role of i.
        var roles = new bool[run.Count];
        var isTitle = title <= other;
        for (var i = run.Count - 1; i >= 0; i--)
        {
            roles[i] = !isTitle;
            isTitle = isTitle ? from[i].ToTitle : from[i].ToAbstract;
        }

        return roles;
    }
}
