using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PaperPipeline.Contracts;
using PaperPipeline.Indexer;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.Parser;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Settings;

namespace PaperPipeline.IntegrationTests.Cli;

/// <summary><c>status</c> of one process: what became of each digest, what is wrong and what to do.</summary>
public sealed class StatusTests : IDisposable
{
    private readonly TestProgram _program = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Before_anything_was_ingested_nothing_needs_a_person()
    {
        var run = await _program.RunAsync("status");

        Assert.Equal((0, "Nothing needs a person."), (run.Code, run.LastLine));
        Assert.Contains("Nothing was ingested", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_digest_that_was_indexed_is_a_line_and_needs_nobody()
    {
        await _program.RunAsync("ingest", _program.Write("page.txt", Digests.Page(5)));

        var run = await _program.RunAsync("status");

        Assert.Equal((0, "Nothing needs a person."), (run.Code, run.LastLine));
        Assert.Contains("complete", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_digest_with_another_layout_is_named_with_its_cure_and_JSON_stays_JSON()
    {
        await _program.RunAsync("ingest", _program.Write("letter.txt", "Dear all,\n\nthe meeting is at ten.\n"));

        var run = await _program.RunAsync("status");
        var json = await _program.RunAsync("status", "--json");

        Assert.Equal(3, run.Code);
        Assert.StartsWith("unknown_shape: 1 dead letter at parse", run.LastLine, StringComparison.Ordinal);
        Assert.Contains("docs/shapes.md", run.LastLine, StringComparison.Ordinal);
        Assert.Equal((3, run.LastLine), (json.Code, Assert.Single(json.ErrorLines)));
        Assert.StartsWith("{", Assert.Single(json.Lines), StringComparison.Ordinal);
        Assert.Equal(0, (await _program.RunAsync("status", "--since", "0.000001")).Code);
    }

    [Fact]
    public async Task What_is_dismissed_needs_nobody_also_in_an_index_built_anew_until_that_is_undone()
    {
        var letter = _program.Write("letter.txt", "Dear all,\n\nthe meeting is at ten.\n");
        await _program.RunAsync("ingest", letter);
        var id = (await _program.RunAsync("dead-letters", "list")).Lines[0].Split(' ')[0];

        var dismissed = await _program.RunAsync("dead-letters", "dismiss", id, "--reason", "an invitation");
        var again = await _program.RunAsync("dead-letters", "dismiss", id);
        var none = await _program.RunAsync("dead-letters", "dismiss");
        var status = await _program.RunAsync("status");
        var retried = await _program.RunAsync("dead-letters", "retry");
        foreach (var file in Directory.EnumerateFiles(_program.DataDir, "papers.db*"))
            File.Delete(file);
        var ingested = await _program.RunAsync("ingest", letter);
        var anew = await _program.RunAsync("status");
        var list = await _program.RunAsync("dead-letters", "list");
        var undone = await _program.RunAsync("papers", "undo", dismissed.LastLine.Split('`')[1].Split(' ')[^1]);
        var after = await _program.RunAsync("status");

        Assert.Equal((0, 2, 2), (dismissed.Code, again.Code, none.Code));
        Assert.Equal((0, "Nothing needs a person."), (status.Code, status.LastLine));
        Assert.Contains("1, 1 dismissed", status.Out, StringComparison.Ordinal);
        Assert.StartsWith("0 retried", retried.LastLine, StringComparison.Ordinal);
        Assert.Equal((0, 0), (ingested.Code, anew.Code));
        Assert.EndsWith("(dismissed)", list.LastLine, StringComparison.Ordinal);
        Assert.Equal((0, 3), (undone.Code, after.Code));
    }

    [Fact]
    public async Task A_digest_that_a_version_before_could_not_read_is_read_when_its_letter_is_given_back()
    {
        await _program.RunAsync("ingest", _program.Write("page.txt", Digests.Page(5)));
        await ForgetAsync();

        var before = await _program.RunAsync("status");
        var id = before.LastLine.Split("such as ")[1].Split(':')[0];
        var retried = await _program.RunAsync("dead-letters", "retry", id);
        var after = await _program.RunAsync("status");

        Assert.StartsWith("unknown_shape: ", before.LastLine, StringComparison.Ordinal);
        Assert.Contains("`paperpipeline dead-letters retry ID`", before.LastLine, StringComparison.Ordinal);
        Assert.Equal((3, 0, 0), (before.Code, retried.Code, after.Code));
        Assert.Equal(5, (await _program.ExportAsync()).Lines.Count);
    }

    [Fact]
    public async Task An_index_that_hangs_is_said_within_five_seconds()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        // Not as a limit on this machine: that it ends at all, while the index goes on hanging, is the point.
        var began = Stopwatch.GetTimestamp();

        var run = await _program.RunAsync("status", "--index", address);

        Assert.Equal(3, run.Code);
        Assert.StartsWith("index: ", run.LastLine, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9", "Cannot reach the index")]
    public async Task An_index_that_does_not_answer_needs_a_person(string index, string said)
    {
        var run = await _program.RunAsync("status", "--index", index);

        Assert.Equal(3, run.Code);
        Assert.StartsWith("index: ", run.LastLine, StringComparison.Ordinal);
        Assert.Contains(said, run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_is_nearly_full_is_told_until_there_is_room()
    {
        using var disk = SmallDisk.Mount(_program.DataDir, 200);
        await _program.RunAsync("ingest", _program.Write("page.txt", Digests.Page(5)));
        disk.Fill(left: 5 * 1024 * 1024);

        var full = await _program.RunAsync("status");
        disk.Free();
        var free = await _program.RunAsync("status");

        Assert.Equal(3, full.Code);
        Assert.Equal(["index:", "archive:"], full.Lines.TakeLast(2).Select(line => line.Split(' ')[0]));
        Assert.Equal((0, "Nothing needs a person."), (free.Code, free.LastLine));
    }

    [Fact]
    public async Task An_archive_that_is_gone_or_takes_nothing_is_told_until_it_is_back()
    {
        await _program.RunAsync("ingest", _program.Write("page.txt", Digests.Page(5)));
        var (archive, away) = (_program.Archive, _program.Archive + "-away");
        var incoming = Path.Combine(archive, "incoming");

        Directory.Move(archive, away);
        var gone = await _program.RunAsync("status");
        Directory.Move(away, archive);
        Directory.Delete(incoming);
        // Root may write anywhere, but not below a file.
        await File.WriteAllTextAsync(incoming, "", Token);
        var closed = await _program.RunAsync("status");
        File.Delete(incoming);
        var back = await _program.RunAsync("status");

        Assert.Equal((3, 3, 0), (gone.Code, closed.Code, back.Code));
        Assert.Contains("is gone: mount its disk", gone.LastLine, StringComparison.Ordinal);
        Assert.StartsWith("archive: ", closed.LastLine, StringComparison.Ordinal);
        Assert.Contains("takes no digests", closed.LastLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status", "--watch", "--json")]
    [InlineData("status", "--watch", "--interval", "0")]
    [InlineData("status", "--watch", "--interval", "soon")]
    [InlineData("status", "--since", "-1")]
    [InlineData("status", "--since", "yesterday")]
    public async Task Wrong_usage_is_one_line(params string[] arguments)
    {
        var run = await _program.RunAsync(arguments);

        Assert.Equal(2, run.Code);
        Assert.DoesNotContain("System.", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 0)]
    public async Task Watching_writes_a_line_for_each_look_and_what_is_wrong_when_it_changes(string signal, int code)
    {
        await _program.RunAsync("ingest", _program.Write("page.txt", Digests.Page(5)));
        await using var watching = _program.Start("status", "--watch", "--interval", "0.2");
        await Eventually.HoldsAsync(() => Looks(watching).Count >= 2, "it has looked twice");
        Assert.All(Looks(watching), line => Assert.EndsWith("nothing needs a person", line, StringComparison.Ordinal));

        await _program.RunAsync("ingest", _program.Write("letter.txt", "Dear all,\n\nthe meeting is at ten.\n"));
        await Eventually.HoldsAsync(
            () => Looks(watching).Count(line => line.EndsWith("1 thing to see to", StringComparison.Ordinal)) >= 2,
            () => $"it has seen the dead letter twice: {watching.Out}{watching.Error}"
        );
        await watching.SignalAsync(signal);
        var run = await watching.EndAsync();

        Assert.Equal((code, ""), (run.Code, run.Error));
        Assert.Single(run.Lines, line => line.StartsWith("unknown_shape: ", StringComparison.Ordinal));
        Assert.Contains("5 papers indexed", run.Lines[0], StringComparison.Ordinal);
        Assert.Contains("1 complete, 1 failed", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_what_is_wrong_comes_first_and_Ctrl_C_gives_the_cursor_back()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script (util-linux) is what makes a terminal");
        await _program.RunAsync("ingest", _program.Write("letter.txt", "Dear all,\n\nthe meeting is at ten.\n"));
        var start = new ProcessStartInfo("/usr/bin/script")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // So low that only the beginning fits.
        string[] arguments =
        [
            "-qec",
            $"stty rows 4 cols 100; exec dotnet '{RunningProgram.PathOf("paperpipeline")}' status --watch --interval 0.2",
            "/dev/null",
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in _program.Settings)
            start.Environment[name] = value;
        start.Environment["TERM"] = "xterm";
        using var terminal = Process.Start(start)!;
        var shown = new System.Text.StringBuilder();
        try
        {
            var buffer = new char[4096];
            while (!shown.ToString().Contains("unknown_shape: 1 dead letter", StringComparison.Ordinal))
            {
                var read = await terminal
                    .StandardOutput.ReadAsync(buffer, Token)
                    .AsTask()
                    .WaitAsync(TimeSpan.FromSeconds(120), Token);
                Assert.True(read > 0, shown.ToString());
                shown.Append(buffer, 0, read);
            }
            var look = shown.ToString();
            await terminal.StandardInput.WriteAsync('\u0003');
            await terminal.StandardInput.FlushAsync(Token);
            shown.Append(
                await terminal.StandardOutput.ReadToEndAsync(Token).WaitAsync(TimeSpan.FromSeconds(120), Token)
            );
            await terminal.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(120), Token);

            Assert.DoesNotContain("│", look, StringComparison.Ordinal);
            Assert.Contains("\u001b[?25l", look, StringComparison.Ordinal);
            Assert.Equal(130, terminal.ExitCode);
            var all = shown.ToString();
            Assert.True(
                all.LastIndexOf("\u001b[?25h", StringComparison.Ordinal)
                    > all.LastIndexOf("\u001b[?25l", StringComparison.Ordinal),
                all
            );
        }
        finally
        {
            if (!terminal.HasExited)
                terminal.Kill(entireProcessTree: true);
        }
    }

    private static List<string> Looks(RunningProgram watching) =>
        [.. watching.Out.Split('\n')[..^1].Where(line => line.Length > 4 && line[4] == '-')];

    // Leaves an index in which the version before has called the archived digest one of an unknown shape.
    private async Task ForgetAsync()
    {
        foreach (var file in Directory.EnumerateFiles(_program.DataDir, "papers.db*"))
            File.Delete(file);
        var digest = Path.GetFileName(
            Directory.EnumerateFiles(Path.Combine(_program.Archive, "blobs"), "*", SearchOption.AllDirectories).Single()
        )[..64];
        var settings = PipelineSettings.Read(name => _program.Settings.GetValueOrDefault("PAPERPIPELINE_" + name));
        await using var store = (await PaperStores.OpenAsync(settings, write: true, Token))!;
        await store.RecordAsync(
            new DigestFetched
            {
                Digest = digest,
                Size = 1,
                Name = "page.txt",
                RetrievedAt = TimeProvider.System.GetUtcNow(),
                TraceId = Rejections.NoTrace,
            },
            Token
        );
        await store.AddAsync(
            new EntryRejected
            {
                Digest = digest,
                Stage = "parse",
                Reason = RejectionReasons.UnknownShape + "text that is no known digest",
                TraceId = Rejections.NoTrace,
                ParserVersion = DigestParser.Version - 1,
                RejectedAt = TimeProvider.System.GetUtcNow(),
            },
            Token
        );
    }
}
