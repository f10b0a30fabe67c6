using System.Diagnostics;

namespace PaperPipeline.Tests.Cli;

/// <summary>The program as a person runs it, in a process of its own.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("paperpipeline-cli-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_digest_is_indexed_once_and_the_second_run_changes_nothing()
    {
        var digest = Digest(5);

        var first = await RunAsync("ingest", digest);
        var export = await RunAsync("export");
        var second = await RunAsync("ingest", digest);

        Assert.Equal((0, "1 digest, 5 papers: 5 indexed, 0 dead letters"), (first.Code, first.LastLine));
        Assert.Equal((0, first.LastLine), (second.Code, second.LastLine));
        Assert.Equal(5, export.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(export.Out, (await RunAsync("export")).Out);
        Assert.Contains("\"state\":\"complete\"", (await RunAsync("status", "--json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_digest_is_a_dead_letter_and_exit_code_3()
    {
        var file = Path.Combine(_folder, "letter.txt");
        await File.WriteAllTextAsync(file, "Dear all,\n\nthe meeting is at ten.\n", Token);

        var run = await RunAsync("ingest", file);

        Assert.Equal((3, "1 digest, 0 papers: 0 indexed, 1 dead letter"), (run.Code, run.LastLine));
        Assert.Contains(
            "\"stage\":\"parse\"",
            (await RunAsync("dead-letters", "list", "--json")).Out,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(2, "ingest", "nowhere.txt")]
    [InlineData(2, "ingest")]
    [InlineData(2, "frobnicate")]
    [InlineData(2, "search", "x", "--limit", "-1")]
    [InlineData(2, "ingest", "nowhere.txt", "--day", "yesterday")]
    [InlineData(2, "search", "x", "--index", "ftp://x")]
    [InlineData(1, "search", "x", "--index", "http://127.0.0.1:9")]
    public async Task Wrong_usage_is_one_line_and_an_exit_code(int code, params string[] arguments)
    {
        var run = await RunAsync(arguments);

        Assert.Equal(code, run.Code);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private string Digest(int papers)
    {
        var file = Path.Combine(_folder, "digest.txt");
        var blocks = Enumerable
            .Range(1, papers)
            .Select(n =>
                $"Invented Machine Number {n}: Counting Lanterns at Night\n\n"
                + string.Concat(Enumerable.Repeat($"We count lanterns of street {n} and report what we saw. ", 9))
                    .Trim()
            );
        File.WriteAllText(file, "new\n\nSubscribe\n\nMay 22\n\n" + string.Join("\n\n", blocks) + "\n");
        return file;
    }

    private async Task<(int Code, string Out, string Error, string LastLine)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
            Environment = { ["PAPERPIPELINE_DATA_DIR"] = Path.Combine(_folder, "data"), ["NO_COLOR"] = "1" },
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "paperpipeline.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        var text = await output;
        return (process.ExitCode, text, await error, text.TrimEnd().Split('\n')[^1]);
    }
}
