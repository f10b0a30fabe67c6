using System.CommandLine;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary><c>dead-letters list|show|retry</c>: what could not be indexed, why, and once more.</summary>
internal static class DeadLettersCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "The letter's id, or its beginning" };
    private static readonly Argument<string[]> Ids = new("ID")
    {
        Description = "Letters; all of them when none is named",
        Arity = ArgumentArity.ZeroOrMore,
    };

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
        return new Command("dead-letters", "What could not be indexed, and why.") { list, show, retry };
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var letters = await ReadAsync(parsed, cancellationToken);
        foreach (var letter in letters)
            if (parsed.GetValue(GlobalOptions.Json))
                Console.Out.WriteLine(PaperJson.Write(letter));
            else
                Console.Out.WriteLine(
                    $"{letter.Id}  {letter.Rejected.Stage, -6}  {Place(letter)}  {letter.Rejected.Reason}"
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
        Console.Out.WriteLine($"trace     {rejected.TraceId}");
        Console.Out.WriteLine($"excerpt   {Printable(rejected.Excerpt ?? "")}");
        return ExitCode.Done;
    }

    private static async Task<int> RetryAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = GlobalOptions.Settings(parsed);
        await using var stages = await Stages.StartAsync(settings, cancellationToken);
        var letters = await stages.ListDeadLettersAsync(cancellationToken);
        var chosen = parsed.GetValue(Ids) is { Length: > 0 } ids ? [.. ids.Select(id => Pick(letters, id))] : letters;
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
