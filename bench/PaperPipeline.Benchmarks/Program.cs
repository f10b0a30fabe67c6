using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using PaperPipeline.Benchmarks;
using PaperPipeline.Benchmarks.Similarity;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var from = new Option<string?>("--from") { Description = "arXiv JSON lines: a file or a directory", Recursive = true };
var generated = new Option<bool>("--generated")
{
    Description = "Invented papers (the default without --from)",
    Recursive = true,
};
var seed = new Option<int>("--seed")
{
    Description = "Seed of the invented papers",
    DefaultValueFactory = _ => 1,
    Recursive = true,
};
var papers = new Option<int>("--papers") { Description = "Number of papers", DefaultValueFactory = _ => 15_000 };
var perDigest = new Option<int>("--per-digest") { Description = "Papers in a digest", DefaultValueFactory = _ => 100 };
var form = new Option<string?>("--form") { Description = "A form of digest; a trending page without it" };
form.AcceptOnlyFromAmong([.. DigestForms.All.Keys]);
var repeat = new Option<int>("--repeat") { Description = "Number of pairs of runs", DefaultValueFactory = _ => 1 };
var output = new Option<string>("--out") { Description = "Folder to write to", Required = true };
var program = new Option<string>("--program")
{
    Description = "Another build of paperpipeline.dll",
    DefaultValueFactory = _ => CliRun.BuiltProgram,
};
var digests = new Option<string[]>("--digests")
{
    Description = "Digests to read: files or folders",
    Required = true,
    AllowMultipleArgumentsPerToken = true,
};
var url = new Option<string>("--url") { Description = "Elasticsearch or OpenSearch to measure on", Required = true };

var server = new Option<string?>("--url") { Description = "Elasticsearch or OpenSearch; SQLite without it" };
var bus = new Option<string>("--bus") { Description = "amqp(s) address of an empty virtual host", Required = true };
var workers = new Option<string[]>("--workers")
{
    Description = "Folder of published programs, or the src folder of a built checkout; several are measured in turn",
    DefaultValueFactory = _ => [WorkerProcess.BuiltSource],
};
var passes = new Option<int>("--passes")
{
    Description = "Passes of new papers through the same workers; the first half warms them up",
    DefaultValueFactory = _ => 8,
};
var watch = new Option<int[]>("--watch")
{
    Description = "Ids of further processes whose CPU time is told, such as broker and search server",
    DefaultValueFactory = _ => [],
};
var replay = new Option<bool>("--replay")
{
    Description = "Two further passes in each turn: alone, and while all papers before are replayed",
};
var train = new Option<string[]>("--train")
{
    Description = "Labelled pairs to fit on; of the first, noisy copies are made besides",
    Required = true,
    AllowMultipleArgumentsPerToken = true,
};
var judge = new Option<string[]>("--judge")
{
    Description = "Labelled pairs to judge on",
    DefaultValueFactory = _ => [],
    AllowMultipleArgumentsPerToken = true,
};
var peer = new Option<string?>("--peer") { Description = "Folder of another program for the same job" };

var root = new RootCommand("Benchmarks of PaperPipeline: ratios against a baseline of the same run.")
{
    from,
    generated,
    seed,
};
root.Add(
    Command(
        "make-digests",
        "Write papers as digests",
        [output, papers, perDigest, form],
        parsed =>
        {
            var folder = parsed.GetValue(output)!;
            var count = Digests.Write(
                folder,
                Source(parsed).Papers(parsed.GetValue(papers)),
                parsed.GetValue(perDigest),
                parsed.GetValue(form)
            );
            Console.WriteLine($"{count} papers in {folder}");
            return Task.CompletedTask;
        }
    )
);
root.Add(
    Command(
        "ingest",
        "The program beside a bare loop of inserts",
        [papers, perDigest, repeat, program],
        parsed =>
            IngestBenchmark.RunAsync(
                Source(parsed),
                parsed.GetValue(papers),
                parsed.GetValue(perDigest),
                parsed.GetValue(repeat),
                parsed.GetValue(program)!
            )
    )
);
root.Add(
    Command(
        "memory",
        "Peak memory for 15,000 and for 60,000 papers",
        [repeat, program],
        parsed => MemoryBenchmark.RunAsync(Source(parsed), parsed.GetValue(repeat), parsed.GetValue(program)!)
    )
);
root.Add(
    Command(
        "parse",
        "The parser alone, by shape",
        [digests],
        parsed =>
        {
            ParseBenchmark.Run(parsed.GetValue(digests)!);
            return Task.CompletedTask;
        }
    )
);
root.Add(
    Command(
        "fit-comparer",
        "Weights and threshold of `papers compare`, from labelled pairs",
        [train, judge],
        parsed =>
        {
            ComparerFit.Run(parsed.GetValue(train)!, parsed.GetValue(judge)!);
            return Task.CompletedTask;
        }
    )
);
root.Add(
    Command(
        "similar",
        "How many revised papers are among those that are found alike, in SQLite or on a server",
        [papers, server],
        parsed =>
            SimilarBenchmark.RunAsync(
                parsed.GetValue(server) is { } address ? new Uri(address) : null,
                [.. Source(parsed).Papers(parsed.GetValue(papers))]
            )
    )
);
root.Add(
    Command(
        "store",
        "The store alone beside a bare loop of inserts",
        [papers, repeat],
        parsed => StoreBenchmark.RunAsync(Source(parsed), parsed.GetValue(papers), parsed.GetValue(repeat))
    )
);
root.Add(
    Command(
        "repeats",
        "Papers that are announced three times beside the first time, in SQLite or on a server",
        [papers, repeat, server],
        parsed =>
            RepeatBenchmark.RunAsync(
                parsed.GetValue(server) is { } address ? new Uri(address) : null,
                Source(parsed),
                parsed.GetValue(papers),
                parsed.GetValue(repeat)
            )
    )
);
root.Add(
    Command(
        "elasticsearch",
        "The store in Elasticsearch or OpenSearch beside a raw loop of bulks",
        [url, papers, perDigest, repeat, program],
        parsed =>
            ElasticsearchBenchmark.RunAsync(
                new Uri(parsed.GetValue(url)!),
                Source(parsed),
                parsed.GetValue(papers),
                parsed.GetValue(perDigest),
                parsed.GetValue(repeat),
                parsed.GetValue(program)!
            )
    )
);
root.Add(
    Command(
        "elasticsearch-growth",
        "Rate and memory while an index grows",
        [url, papers],
        parsed => GrowthBenchmark.RunAsync(new Uri(parsed.GetValue(url)!), Source(parsed), parsed.GetValue(papers))
    )
);
root.Add(
    Command(
        "workers",
        "The four workers over RabbitMQ beside the raw limits of broker and search server",
        [bus, url, papers, perDigest, repeat, passes, workers, watch, replay, peer],
        parsed =>
            new WorkersBenchmark(new Uri(parsed.GetValue(bus)!), new Uri(parsed.GetValue(url)!))
            {
                Sources = parsed.GetValue(workers)!,
                Papers = parsed.GetValue(papers),
                PerDigest = parsed.GetValue(perDigest),
                Passes = parsed.GetValue(passes),
                Watched = [.. parsed.GetValue(watch)!.Select(Process.GetProcessById)],
                Replay = parsed.GetValue(replay),
                Peer = parsed.GetValue(peer),
            }.RunAsync(Source(parsed), parsed.GetValue(repeat))
    )
);
return await root.Parse(args).InvokeAsync();

Input Source(ParseResult parsed) =>
    new(parsed.GetValue(generated) ? null : parsed.GetValue(from), parsed.GetValue(seed));

static Command Command(string name, string description, Option[] options, Func<ParseResult, Task> run)
{
    var command = new Command(name, description);
    foreach (var option in options)
        command.Add(option);
    command.SetAction((parsed, _) => run(parsed));
    return command;
}
