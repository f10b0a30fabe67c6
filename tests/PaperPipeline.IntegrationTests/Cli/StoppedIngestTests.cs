using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Cli;

/// <summary>An ingest that is stopped or killed at any moment leaves nothing that the next one does not finish.</summary>
public sealed class StoppedIngestTests : IDisposable
{
    private const int DigestCount = 24;
    private const int PapersEach = 60;

    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("KILL", 137)]
    public async Task The_next_run_takes_up_what_was_left(string signal, int code)
    {
        var digests = Digests.WriteMany(Path.Combine(_program.Folder, "digests"), DigestCount, PapersEach);
        // From the first announcement to the last bulk, and a little further with each run.
        foreach (var written in (long[])[1, 200_000, 1_500_000, 3_000_000, 5_000_000])
        {
            await using var running = _program.Start("ingest", digests);
            await Eventually.HoldsAsync(() => running.HasEnded || Written() >= written, $"{written} bytes are written");
            await running.SignalAsync(signal);
            Assert.Contains((await running.EndAsync()).Code, (int[])[code, 0]);
        }

        var last = await _program.RunAsync("ingest", digests);

        const int papers = DigestCount * PapersEach;
        Assert.Equal(
            (0, $"{DigestCount} digests, {papers} papers: {papers} indexed, 0 dead letters"),
            (last.Code, last.LastLine)
        );
        var export = await _program.ExportAsync();
        Assert.Equal(papers - (DigestCount - 1), export.Lines.Count);
        Assert.Empty((await _program.RunAsync("dead-letters", "list", "--json")).Lines);
        using var whole = new TestProgram();
        await whole.RunAsync("ingest", digests);
        Assert.Equal(Digests.Timeless((await whole.ExportAsync()).Out), Digests.Timeless(export.Out));
    }

    [Fact]
    public async Task A_second_process_on_one_data_directory_is_one_line_and_harms_nothing()
    {
        var digests = Digests.WriteMany(Path.Combine(_program.Folder, "digests"), DigestCount, PapersEach);
        await using var first = _program.Start("ingest", digests);
        await Eventually.HoldsAsync(() => Written() > 0, "the first process has begun");

        var second = await _program.RunAsync("ingest", digests);

        Assert.Equal(1, second.Code);
        Assert.Contains(_program.DataDir, Assert.Single(second.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(0, (await first.EndAsync()).Code);
    }

    private long Written() =>
        Directory.Exists(_program.Archive)
            ? new DirectoryInfo(_program.DataDir).EnumerateFiles("*", SearchOption.AllDirectories).Sum(Length)
            : 0;

    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
