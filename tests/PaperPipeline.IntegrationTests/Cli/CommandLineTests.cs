using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Cli;

/// <summary>The program as a person runs it, in a process of its own.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TestProgram _program = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_digest_is_indexed_once_and_the_second_run_changes_nothing()
    {
        var digest = Digest(5);

        var first = await _program.RunAsync("ingest", digest);
        var export = await _program.RunAsync("export");
        var second = await _program.RunAsync("ingest", digest);

        Assert.Equal((0, "1 digest, 5 papers: 5 indexed, 0 dead letters"), (first.Code, first.LastLine));
        Assert.Equal((0, first.LastLine), (second.Code, second.LastLine));
        Assert.Equal(5, export.Lines.Count);
        Assert.Equal(export.Out, (await _program.RunAsync("export")).Out);
        Assert.Contains(
            "\"state\":\"complete\"",
            (await _program.RunAsync("status", "--json")).Out,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_is_no_digest_is_a_dead_letter_and_exit_code_3()
    {
        var file = Path.Combine(_program.Folder, "letter.txt");
        await File.WriteAllTextAsync(file, "Dear all,\n\nthe meeting is at ten.\n", Token);

        var run = await _program.RunAsync("ingest", file);

        Assert.Equal((3, "1 digest, 0 papers: 0 indexed, 1 dead letter"), (run.Code, run.LastLine));
        Assert.Contains(
            "\"stage\":\"parse\"",
            (await _program.RunAsync("dead-letters", "list", "--json")).Out,
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
    [InlineData(2, "replay")]
    [InlineData(2, "replay", "--day", "yesterday")]
    [InlineData(2, "replay", "--digest", "nowhere")]
    [InlineData(2, "papers", "show", "nothing of that name")]
    [InlineData(2, "papers", "merge", "one")]
    [InlineData(2, "papers", "undo", "00")]
    [InlineData(2, "archive", "prune")]
    [InlineData(2, "archive", "prune", "--older-than", "0")]
    [InlineData(2, "archive", "prune", "--older-than", "a.month")]
    [InlineData(2, "ingest", "nowhere.txt", "--timeout", "long")]
    [InlineData(1, "search", "x", "--index", "http://127.0.0.1:9")]
    public async Task Wrong_usage_is_one_line_and_an_exit_code(int code, params string[] arguments)
    {
        var run = await _program.RunAsync(arguments);

        Assert.Equal(code, run.Code);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task An_export_into_a_file_is_the_export()
    {
        await _program.RunAsync("ingest", Digest(3));
        var file = Path.Combine(_program.Folder, "export.jsonl");

        var run = await _program.RunAsync("export", "--out", file);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal((await _program.ExportAsync()).Out, await File.ReadAllTextAsync(file, Token));
    }

    private string Digest(int papers) => _program.Write("digest.txt", Digests.Page(papers));
}
