using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Similarity;

namespace PaperPipeline.Cli;

/// <summary><c>papers compare FILE</c>: says of pairs of citations whether they are one work.</summary>
internal static class CompareCommand
{
    private static readonly Argument<string> Pairs = new("FILE")
    {
        Description = "Pairs as JSON lines, packed with gzip or not; - for standard input",
    };

    public static Command Create()
    {
        var command = new Command(
            "compare",
            """
            Say of pairs of citations whether they are one work, with a score from 0 to 1. Needs no index.

            Each line is an object with "a" and "b", each with "title", "authors", "venue" and "year"; where it has a "label"
            (1 the same, 0 not), a last line tells precision, recall and F1.
            """
        )
        {
            Pairs,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var (file, json) = (parsed.GetValue(Pairs)!, parsed.GetValue(GlobalOptions.Json));
        using var content = Open(file);
        var agreement = new Agreement();
        try
        {
            foreach (var pair in CitationLines.Read(content))
            {
                var answer = CitationComparer.Compare(pair.One, pair.Other);
                if (pair.Same is { } same)
                    agreement.Add(answer.Same, same);
                Console.Out.WriteLine(json ? Json(pair, answer) : Line(pair, answer));
            }
        }
        catch (FormatException wrong)
        {
            throw new WorkFailedException($"{(file == "-" ? "Standard input" : file)}: {wrong.Message}");
        }
        if (agreement.Pairs > 0)
            Console.Out.WriteLine(json ? Json(agreement) : Line(agreement));
        return ExitCode.Done;
    }

    private static Stream Open(string file) =>
        file == "-" ? Console.OpenStandardInput()
        : Directory.Exists(file) ? throw new UsageException($"{file} is a directory: name a file of pairs.")
        : File.Exists(file) ? File.OpenRead(file)
        : throw new UsageException($"{file} does not exist: check the path.");

    private static string Line(CitationPair pair, Comparison answer) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{pair.Line, 5}. {(answer.Same ? "same" : "different"), -9}  {answer.Score:0.000}  {PaperStory.Text(pair.One.Title)} | {PaperStory.Text(pair.Other.Title)}"
        );

    private static string Line(Agreement agreement) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{IngestReport.Count(agreement.Pairs, "labelled pair")}: precision {agreement.Precision:0.000}, recall {agreement.Recall:0.000}, F1 {agreement.F1:0.000}"
        );

    private static string Json(CitationPair pair, Comparison answer)
    {
        var line = new JsonObject
        {
            ["line"] = pair.Line,
            ["same"] = answer.Same,
            ["score"] = Math.Round(answer.Score, 4),
        };
        if (pair.Same is { } same)
            line["label"] = same ? 1 : 0;
        return line.ToJsonString(PaperJson.Options());
    }

    private static string Json(Agreement agreement) =>
        new JsonObject
        {
            ["pairs"] = agreement.Pairs,
            ["precision"] = Math.Round(agreement.Precision, 4),
            ["recall"] = Math.Round(agreement.Recall, 4),
            ["f1"] = Math.Round(agreement.F1, 4),
        }.ToJsonString(PaperJson.Options());
}
