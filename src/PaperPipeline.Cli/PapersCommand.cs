using System.CommandLine;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary><c>papers show|merge|split|undo|decisions|similar|compare</c>: what is known of a paper, and what people decide of papers.</summary>
internal static class PapersCommand
{
    private static readonly Argument<string> Id = new("ID")
    {
        Description = "A paper: its id, an earlier one, an identifier in any form, or its whole title",
    };
    private static readonly Argument<string[]> Ids = new("ID")
    {
        Description = "Papers, as in `papers show`",
        Arity = new ArgumentArity(2, 1000),
    };
    private static readonly Argument<string[]> Entries = new("ENTRY")
    {
        Description = "Announcements of it, as `papers show` lists them: DIGEST#NUMBER, or the beginning of the digest",
        Arity = ArgumentArity.OneOrMore,
    };
    private static readonly Argument<string> Made = new("DECISION")
    {
        Description = "A decision's id, or its beginning",
    };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; kept with the decision" };

    public static Command Create()
    {
        var show = new Command("show", "Show a paper: its announcements, and what became of each in every stage.")
        {
            Id,
        };
        show.SetAction(ShowAsync);
        var merge = new Command("merge", "Decide that papers are one. What is announced of either later belongs to it.")
        {
            Ids,
            Reason,
        };
        merge.SetAction(MergeAsync);
        var split = new Command("split", "Decide that announcements of a paper are another paper.")
        {
            Id,
            Entries,
            Reason,
        };
        split.SetAction(SplitAsync);
        var undo = new Command("undo", "Take a decision back; an undoing can be undone too.") { Made, Reason };
        undo.SetAction(UndoAsync);
        var decisions = new Command("decisions", "List what was decided, in the order in which it was.");
        decisions.SetAction(ListAsync);
        return new Command(
            "papers",
            """
            Show papers, and decide which announcements are one paper.

            Examples:
              paperpipeline papers show https://arxiv.org/abs/2410.24164v2
              paperpipeline papers merge arxiv:2410.24164 title:0123456789abcdef0123456789abcdef
              paperpipeline papers split arxiv:2410.24164 8b1a9953#12 --reason "another paper of that name"
              paperpipeline papers undo 4e07408562be
            """
        )
        {
            show,
            merge,
            split,
            undo,
            decisions,
            SimilarCommand.Create(),
            CompareCommand.Create(),
        };
    }

    private static async Task<int> ShowAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = GlobalOptions.Settings(parsed);
        await using var store = await Stores.OpenForReadingAsync(settings, cancellationToken);
        if (store is null)
            return ExitCode.Usage;
        var (text, archive) = (parsed.GetValue(Id)!, new DigestArchive(settings.Archive));
        var papers = await store.FindByTextAsync(text, cancellationToken);
        if (papers.Count > 1)
            throw Several(text, papers);
        var story =
            (
                papers is [var paper]
                    ? await PaperStory.OfAsync(store, archive, paper, cancellationToken)
                    : await PaperStory.OfDeadAsync(store, archive, text, cancellationToken)
            ) ?? throw NoPaper(text);
        if (parsed.GetValue(GlobalOptions.Json))
            Console.Out.WriteLine(story.Json());
        else
            story.Write(Console.Out);
        return ExitCode.Done;
    }

    private static Task<int> MergeAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        DecideAsync(
            parsed,
            async (store, at) =>
            {
                var papers = new List<PaperGroup>();
                foreach (var id in parsed.GetValue(Ids)!)
                    papers.Add(await OneAsync(store, id, cancellationToken));
                if (papers.Select(p => p.Id).Distinct(StringComparer.Ordinal).Count() < 2)
                    throw new UsageException($"These are one paper already: {papers[0].Id}.");
                return Decisions.Merge(papers, at);
            },
            cancellationToken
        );

    private static Task<int> SplitAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        DecideAsync(
            parsed,
            async (store, at) =>
            {
                var paper = await OneAsync(store, parsed.GetValue(Id)!, cancellationToken);
                var leaving = parsed.GetValue(Entries)!.Select(entry => EntryOf(paper, entry)).Distinct().ToList();
                if (leaving.Count == paper.Observations.Count)
                    throw new UsageException($"These are all announcements of {paper.Id}: leave out those that stay.");
                return Decisions.Split(paper, leaving, at);
            },
            cancellationToken
        );

    private static Task<int> UndoAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        DecideAsync(
            parsed,
            async (store, at) =>
            {
                var (beginning, all) = (parsed.GetValue(Made)!, await store.DecisionsAsync(cancellationToken));
                var found = all.All.Where(d => d.Id.StartsWith(beginning, StringComparison.Ordinal)).ToList();
                return found switch
                {
                    [var one] when all.Active.Contains(one) => new Decision
                    {
                        Kind = "undo",
                        DecidedAt = at > one.Decision.DecidedAt ? at : one.Decision.DecidedAt.AddTicks(1),
                        Undone = one.Id,
                    },
                    [var one] => throw new UsageException($"Decision {one.Id[..12]} is taken back already."),
                    [] => throw new UsageException(
                        $"No decision begins with '{beginning}': see `paperpipeline papers decisions`."
                    ),
                    _ => throw new UsageException(
                        $"'{beginning}' is the beginning of several decisions: give more of it."
                    ),
                };
            },
            cancellationToken
        );

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var store = await Stores.OpenForReadingAsync(GlobalOptions.Settings(parsed), cancellationToken);
        var all = store is null ? DecisionSet.None : await store.DecisionsAsync(cancellationToken);
        foreach (var made in all.All.OrderBy(d => d.Decision.DecidedAt).ThenBy(d => d.Id, StringComparer.Ordinal))
            Console.Out.WriteLine(
                parsed.GetValue(GlobalOptions.Json)
                    ? PaperJson.Write(made)
                    : Decisions.Line(made) + (all.Active.Contains(made) ? "" : "  (taken back)")
            );
        return ExitCode.Done;
    }

    private static async Task<int> DecideAsync(
        ParseResult parsed,
        Func<IPaperStore, DateTimeOffset, Task<Decision>> decide,
        CancellationToken cancellationToken
    )
    {
        await using var stages = await Stages.StartAsync(GlobalOptions.Settings(parsed), cancellationToken);
        var decision = await stages.AskAsync<Decision?>(
            async store => await decide(store, TimeProvider.System.GetUtcNow()),
            null,
            cancellationToken
        );
        if (decision is null)
            throw new UsageException("There are no papers yet: run `paperpipeline ingest PATH` first.");
        var made = stages.Archive.Store(decision with { Reason = parsed.GetValue(Reason) });
        var papers = await Decisions.TakeAsync(stages, made, cancellationToken);
        if (parsed.GetValue(GlobalOptions.Json))
            Console.Out.WriteLine(PaperJson.Write(made));
        else
        {
            Console.Out.WriteLine(Decisions.Line(made));
            foreach (var paper in papers)
            {
                var document = Projection.Project(paper);
                Console.Out.WriteLine(
                    $"  {document.Id}  {document.Title}  ({IngestReport.Count(paper.Observations.Count, "announcement")})"
                );
            }
        }
        return ExitCode.Done;
    }

    /// <summary>The one paper that a person means.</summary>
    /// <exception cref="UsageException">It is none, or several.</exception>
    public static async Task<PaperGroup> OneAsync(
        IPaperStore store,
        string text,
        CancellationToken cancellationToken
    ) =>
        await store.FindByTextAsync(text, cancellationToken) switch
        {
            [var one] => one,
            [] => throw NoPaper(text),
            var several => throw Several(text, several),
        };

    private static Observation EntryOf(PaperGroup paper, string text)
    {
        var name = text.StartsWith("entry:", StringComparison.Ordinal) ? text : "entry:" + text;
        var found = paper
            .Observations.Where(o =>
                Keys.EntryOf(name) is var (digest, ordinal)
                && o.Entry.Ordinal == ordinal
                && o.Entry.Digest.StartsWith(digest, StringComparison.Ordinal)
            )
            .ToList();
        return found switch
        {
            [var one] => one,
            [] => throw new UsageException(
                $"'{text}' is no announcement of {paper.Id}: `paperpipeline papers show {paper.Id}` lists them."
            ),
            _ => throw new UsageException($"'{text}' is the beginning of several digests: give more of it."),
        };
    }

    private static UsageException NoPaper(string text) =>
        new($"No paper is known as '{text}': `paperpipeline search` finds papers by words.");

    private static UsageException Several(string text, IReadOnlyList<PaperGroup> papers) =>
        new($"'{text}' is borne by several papers: {string.Join(", ", papers.Select(p => p.Id))}. Name one of them.");
}
