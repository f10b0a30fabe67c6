using System.CommandLine;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary><c>search WORDS</c>: finds papers.</summary>
internal static class SearchCommand
{
    private static readonly Argument<string[]> Words = new("WORDS")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "What to look for",
    };

    private static readonly Option<int> Limit = LimitOption.Of(10_000);

    private static readonly Option<string> Queries = new("--queries")
    {
        Description = "A file with one query on each line",
    };

    public static Command Create()
    {
        var command = new Command(
            "search",
            """
            Find papers by words of title, name and abstract; a "quoted phrase" must occur as it is.

            Examples:
              paperpipeline search neural radiance fields --limit 5
              paperpipeline search --queries queries.txt --json
            """
        )
        {
            Words,
            Limit,
            Queries,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = GlobalOptions.Settings(parsed);
        var (words, file) = (parsed.GetValue(Words)!, parsed.GetValue(Queries));
        if (words.Length == 0 == file is null)
            throw new UsageException("Give either WORDS or --queries FILE. See `paperpipeline search --help`.");
        var queries = file is null ? [string.Join(' ', words)] : await ReadAsync(file, cancellationToken);
        var json = parsed.GetValue(GlobalOptions.Json);
        await using var store = await Stores.OpenForReadingAsync(settings, cancellationToken);
        foreach (var query in queries)
        {
            var answer = store is null
                ? new SearchAnswer(query, 0, [])
                : await store.SearchAsync(query, parsed.GetValue(Limit), cancellationToken);
            if (json)
                Console.Out.WriteLine(PaperJson.Write(answer));
            else
                Print(answer, queries.Count > 1);
        }
        return ExitCode.Done;
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
            throw new UsageException($"{file} does not exist: check --queries.");
        var lines = await File.ReadAllLinesAsync(file, cancellationToken);
        return [.. lines.Where(line => !string.IsNullOrWhiteSpace(line))];
    }

    private static void Print(SearchAnswer answer, bool several)
    {
        if (several)
            Console.Out.WriteLine($"{answer.Query}: {answer.Total}");
        foreach (var (hit, rank) in answer.Hits.Select((hit, i) => (hit, i + 1)))
            Console.Out.WriteLine($"{rank, 3}. {hit.Title}  ({hit.Id})");
        if (!several)
            Console.Out.WriteLine(answer.Total == 1 ? "1 paper found" : $"{answer.Total} papers found");
    }
}
