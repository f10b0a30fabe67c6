using System.CommandLine;
using System.Text;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary><c>export</c>: all documents as JSON lines, ordered by id.</summary>
internal static class ExportCommand
{
    private static readonly Option<string> Out = new("--out")
    {
        Description = "A file instead of standard output; replaced whole or not at all",
    };

    public static Command Create()
    {
        var command = new Command("export", "Write all documents as JSON lines, ordered by id.") { Out };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = GlobalOptions.Settings(parsed);
        await using var store = await Stores.OpenForReadingAsync(settings, cancellationToken);
        await OutputFile.WriteAsync(parsed.GetValue(Out), output => WriteAsync(store, output, cancellationToken));
        return ExitCode.Done;
    }

    private static async Task WriteAsync(IPaperStore? index, Stream output, CancellationToken cancellationToken)
    {
        if (index is null)
            return;
        await using var writer = new StreamWriter(output, new UTF8Encoding(false), 64 * 1024, leaveOpen: true)
        {
            NewLine = "\n",
        };
        await foreach (var document in index.ExportAsync(cancellationToken))
            await writer.WriteLineAsync(PaperJson.Write(document));
    }
}
