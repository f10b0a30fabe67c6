using System.CommandLine;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary><c>dead-letters list|show|retry|dismiss</c>: what could not be indexed, why, and once more or never.</summary>
internal static class DeadLettersCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "The letter's id, or its beginning" };
    private static readonly Argument<string[]> Ids = new("ID")
    {
        Description = "Letters; all of them that are not dismissed when none is named",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private static readonly Argument<string[]> Settled = new("ID")
    {
        Description = "Letters, or the beginning of their ids",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private static readonly Option<string> OfDigest = new("--digest")
    {
        Description = "All letters of this digest, or of the one that begins so",
    };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; kept with the decision" };

    public static Command Create()
    {
        var list = new Command("list", "List the dead letters.");
        list.SetAction(ListAsync);
        var show = new Command("show", "Show one dead letter.") { Id };
        show.SetAction(ShowAsync);
        var retry = new Command(
            "retry",
            "Give dead letters back to the stage that failed; all of them when none is named."
        )
        {
            Ids,
        };
        retry.SetAction(RetryAsync);
        var dismiss = new Command(
            "dismiss",
            """
            Decide that dead letters need nobody: they stay on the list, and `status` does not ask for anybody.

            The decision is archived, so it also holds for an index that is built anew. `paperpipeline papers decisions` lists
            it, `paperpipeline papers undo DECISION` takes it back. What is given back and fails again needs somebody again,
            but for a place of a digest.
            """
        )
        {
            Settled,
            OfDigest,
            Reason,
        };
        dismiss.SetAction(DismissAsync);
        return new Command("dead-letters", "What could not be indexed, and why.") { list, show, retry, dismiss };
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var letters = await ReadAsync(parsed, cancellationToken);
        foreach (var letter in letters)
            if (parsed.GetValue(GlobalOptions.Json))
                Console.Out.WriteLine(PaperJson.Write(letter));
            else
                Console.Out.WriteLine(
                    $"{letter.Id}  {letter.Rejected.Stage, -6}  {Place(letter)}  {letter.Rejected.Reason}{(letter.Dismissed is null ? "" : "  (dismissed)")}"
                );
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var letter = Pick(await ReadAsync(parsed, cancellationToken), parsed.GetValue(Id)!);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Console.Out.WriteLine(PaperJson.Write(letter));
            return ExitCode.Done;
        }
        var rejected = letter.Rejected;
        Console.Out.WriteLine($"id        {letter.Id}");
        Console.Out.WriteLine($"stage     {rejected.Stage}");
        Console.Out.WriteLine($"digest    {rejected.Digest}");
        if (rejected.Shape is { } shape)
            Console.Out.WriteLine($"shape     {shape}");
        Console.Out.WriteLine($"place     {Place(letter)}");
        Console.Out.WriteLine($"reason    {rejected.Reason}");
        Console.Out.WriteLine($"attempts  {rejected.Attempts}");
        if (letter.Dismissed is { } dismissed)
            Console.Out.WriteLine($"dismissed by decision {dismissed[..12]}");
        Console.Out.WriteLine($"trace     {rejected.TraceId}");
        Console.Out.WriteLine($"excerpt   {Printable(rejected.Excerpt ?? "")}");
        return ExitCode.Done;
    }

    private static async Task<int> RetryAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = GlobalOptions.Settings(parsed);
        await using var stages = await Stages.StartAsync(settings, cancellationToken);
        var letters = await stages.ListDeadLettersAsync(cancellationToken);
        IReadOnlyList<DeadLetter> chosen = parsed.GetValue(Ids) is { Length: > 0 } ids
            ? [.. ids.Select(id => Pick(letters, id))]
            : [.. letters.Where(letter => letter.Dismissed is null)];
        var stuck = await Progress.RunAsync(
            chosen.Select(letter => letter.Rejected.Digest).Distinct(StringComparer.Ordinal).Count(),
            show =>
                new RetryRun(stages, new LedgerFollower(stages, TimeSpan.FromMinutes(10), show)).RunAsync(
                    chosen,
                    cancellationToken
                )
        );
        if (stuck is not null)
            throw new WorkFailedException(stuck);
        var left = (await stages.ListDeadLettersAsync(cancellationToken))
            .Select(letter => letter.Id)
            .ToHashSet(StringComparer.Ordinal);
        var still = chosen.Where(letter => left.Contains(letter.Id)).ToList();
        // What becomes of a message that nobody could read is not known before somebody has read it.
        var open = chosen.Except(still).Count(letter => letter.Rejected.Message is not null);
        Console.Out.WriteLine(
            $"{chosen.Count} retried: {chosen.Count - still.Count - open} settled, {still.Count} still dead"
                + (open > 0 ? $", {open} back in their queue" : "")
        );
        return still.Count > 0 ? ExitCode.DeadLetters : ExitCode.Done;
    }

    private static async Task<int> DismissAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var stages = await Stages.StartAsync(GlobalOptions.Settings(parsed), cancellationToken);
        var named = Named(parsed, await stages.ListDeadLettersAsync(cancellationToken));
        var open = named
            .Where(letter => letter.Dismissed is null)
            .DistinctBy(letter => letter.Id, StringComparer.Ordinal)
            .ToList();
        if (open.Count == 0)
            throw new UsageException(
                $"{(named.Count == 1 ? "It is" : "All of them are")} dismissed already: see `paperpipeline papers decisions`."
            );
        var decision = Decisions.Dismiss(open, TimeProvider.System.GetUtcNow());
        var made = stages.Archive.Store(decision with { Reason = parsed.GetValue(Reason) });
        await Decisions.TakeAsync(stages, made, cancellationToken);
        Console.Out.WriteLine(
            parsed.GetValue(GlobalOptions.Json)
                ? PaperJson.Write(made)
                : $"{IngestReport.Count(open.Count, "dead letter")} dismissed; `paperpipeline papers undo {made.Id[..12]}` takes it back"
        );
        return ExitCode.Done;
    }

    private static List<DeadLetter> Named(ParseResult parsed, IReadOnlyList<DeadLetter> letters)
    {
        var (ids, digest) = (parsed.GetValue(Settled) ?? [], parsed.GetValue(OfDigest));
        if (ids.Length == 0 == digest is null)
            throw new UsageException("Name letters, or a digest with --digest: see `paperpipeline dead-letters list`.");
        if (digest is null)
            return [.. ids.Select(id => Pick(letters, id))];
        var found = letters.Where(l => l.Rejected.Digest.StartsWith(digest, StringComparison.Ordinal)).ToList();
        return found.DistinctBy(letter => letter.Rejected.Digest, StringComparer.Ordinal).Count() switch
        {
            1 => found,
            0 => throw new UsageException($"No digest {digest} has dead letters: see `paperpipeline status`."),
            _ => throw new UsageException($"{digest} is the beginning of several digests: give more of it."),
        };
    }

    private static async Task<IReadOnlyList<DeadLetter>> ReadAsync(
        ParseResult parsed,
        CancellationToken cancellationToken
    )
    {
        await using var store = await Stores.OpenForReadingAsync(GlobalOptions.Settings(parsed), cancellationToken);
        return store is null ? [] : await store.ListDeadLettersAsync(cancellationToken);
    }

    private static DeadLetter Pick(IReadOnlyList<DeadLetter> letters, string id) =>
        letters.Where(letter => letter.Id.StartsWith(id, StringComparison.Ordinal)).ToList() switch
        {
            [var one] => one,
            [] => throw new UsageException($"There is no dead letter {id}: see `paperpipeline dead-letters list`."),
            _ => throw new UsageException($"{id} is the beginning of several dead letters: give more of it."),
        };

    private static string Place(DeadLetter letter) =>
        letter.Rejected.Position ?? (letter.Rejected.Ordinal is { } ordinal ? $"entry {ordinal}" : "the whole digest");

    // Excerpts are whatever somebody sent: nothing of it may steer the terminal.
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
