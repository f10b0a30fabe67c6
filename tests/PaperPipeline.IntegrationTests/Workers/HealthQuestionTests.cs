using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>A worker's program asks a worker that runs whether it is ready, as a container's health check does.</summary>
public sealed class HealthQuestionTests : IDisposable
{
    private const string Program = "PaperPipeline.Parser";

    private readonly SharedBroker _broker;
    private readonly TestFolder _folder = new();
    private readonly int _port = SourceServer.ClosedPort();

    public HealthQuestionTests(SharedBroker broker)
    {
        _broker = broker;
        // A parser without an archive is not ready.
        Directory.CreateDirectory(Path.Combine(_folder["data"], "archive"));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("http://127.0.0.1:{0}")]
    [InlineData("http://+:{0}")]
    [InlineData("http://0.0.0.0:{0};http://[::1]:{0}")]
    public async Task It_ends_with_0_once_the_worker_is_ready(string urls)
    {
        var host = await _broker.NewHostAsync();
        await using var worker = Start(
            [],
            ("PAPERPIPELINE_BUS", host.Address),
            ("PAPERPIPELINE_DATA_DIR", _folder["data"]),
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{_port}")
        );

        await Eventually.HoldsAsync(
            async () => (await AskAsync(urls)) is { Code: 0, Error: "" },
            () => $"the worker is ready: {worker.Error}"
        );

        await worker.SignalAsync("TERM");
        Assert.Equal(0, (await worker.EndAsync()).Code);
        AssertOneLine(1, "does not answer", await AskAsync(urls));
    }

    [Fact]
    public async Task A_broker_that_went_away_is_no_readiness()
    {
        DebianBroker.Require();
        await using var own = await DebianBroker.StartAsync();
        await using var worker = Start(
            [],
            ("PAPERPIPELINE_BUS", own.Default.Address),
            ("PAPERPIPELINE_DATA_DIR", _folder["data"]),
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{_port}")
        );
        var urls = "http://+:{0}";
        await Eventually.HoldsAsync(
            async () => (await AskAsync(urls)).Code == 0,
            () => $"the worker is ready: {worker.Error}"
        );

        await own.KillAsync();

        AssertOneLine(1, "is not ready (503)", await AskAsync(urls));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("somewhere")]
    public async Task Without_an_address_it_says_what_to_set(string? urls) =>
        AssertOneLine(2, "ASPNETCORE_URLS", await AskAsync(urls));

    [Fact]
    public async Task Any_other_argument_is_exit_code_2()
    {
        await using var worker = Start(["helth"]);

        AssertOneLine(2, "takes no argument but 'health'", await worker.EndAsync());
    }

    private static void AssertOneLine(int code, string text, ProgramRun run)
    {
        Assert.Equal((code, ""), (run.Code, run.Out));
        Assert.Contains(text, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    private async Task<ProgramRun> AskAsync(string? urls)
    {
        var address = urls?.Replace("{0}", $"{_port}", StringComparison.Ordinal);
        await using var question = Start(["health"], ("ASPNETCORE_URLS", address ?? ""));
        return await question.EndAsync();
    }

    private RunningProgram Start(string[] arguments, params (string Name, string Value)[] variables) =>
        RunningProgram.Start(
            Program,
            _folder.Path,
            arguments,
            variables.Select(v => KeyValuePair.Create(v.Name, v.Value)),
            []
        );
}
