using System.CommandLine;
using System.Globalization;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary><c>papers similar ID</c>: papers that may be the same work under another title.</summary>
internal static class SimilarCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "A paper, as in `papers show`" };

    private static readonly Option<int> Limit = LimitOption.Of(1000);

    public static Command Create()
    {
        var command = new Command(
            "similar",
            """
            Find papers that may be the same work, with a revised title or abstract. They are never made one by themselves:
            `paperpipeline papers merge` does so.
            """
        )
        {
            Id,
            Limit,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var store = await Stores.OpenForReadingAsync(GlobalOptions.Settings(parsed), cancellationToken);
        if (store is null)
            return ExitCode.Usage;
        var paper = Projection.Project(await PapersCommand.OneAsync(store, parsed.GetValue(Id)!, cancellationToken));
        var similar = await store.FindSimilarAsync(paper, parsed.GetValue(Limit), cancellationToken);
        foreach (var found in similar)
            Console.Out.WriteLine(
                parsed.GetValue(GlobalOptions.Json)
                    ? PaperJson.Write(found)
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{found.Score:0.000}  {PaperStory.Text(found.Title)}  ({found.Id})"
                    )
            );
        if (!parsed.GetValue(GlobalOptions.Json))
            Console.Out.WriteLine(
                $"{IngestReport.Count(similar.Count, "paper")} similar to {PaperStory.Text(paper.Title)}"
            );
        return ExitCode.Done;
    }
}
