using PaperPipeline.IntegrationTests.Storage;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>Whom the indexer trusts, and how it proves who it is: before a real server that is guarded.</summary>
public sealed class IndexerAccessTests(SharedBroker broker) : IAsyncLifetime
{
    private readonly SearchServer _server = new();
    private readonly TestAuthority _authority = new("Our authority");

    public ValueTask InitializeAsync()
    {
        SearchServer.Require();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _authority.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task A_wrong_password_is_one_line_and_exit_code_1()
    {
        await using var guarded = await new FaultyServer(SearchServer.Url!, _ => Fault.None)
        {
            Authorization = "Basic " + Convert.ToBase64String("indexer:right"u8),
        }.ListenAsync(null);
        await using var pipeline = await PrepareAsync(guarded);
        pipeline.Program.Variables["PAPERPIPELINE_INDEX_USER"] = "indexer";
        pipeline.Program.Variables["PAPERPIPELINE_INDEX_PASSWORD_FILE"] = pipeline.Program.Write("password", "wr0ng");

        var line = await AssertRefusedAsync(pipeline);
        pipeline.Program.Write("password", "right\n");
        await AssertTakenAsync(pipeline);

        Assert.Contains("refuses user, password or key (401)", line, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another authority")]
    [InlineData("another fingerprint")]
    [InlineData("no authority")]
    [InlineData("another name")]
    public async Task A_server_that_is_not_trusted_is_one_line_and_exit_code_1(string what)
    {
        using var other = new TestAuthority("Our authority");
        using var certificate = _authority.Issue(what == "another name" ? "elsewhere.example" : null);
        await using var secured = await new FaultyServer(SearchServer.Url!, _ => Fault.None).ListenAsync(() =>
            certificate
        );
        await using var pipeline = await PrepareAsync(secured);
        if (what != "no authority")
            pipeline.Program.Variables["PAPERPIPELINE_INDEX_CA"] = what switch
            {
                "another authority" => pipeline.Program.Write("ca.pem", other.Pem),
                "another fingerprint" => new string('a', 64),
                _ => pipeline.Program.Write("ca.pem", _authority.Pem),
            };

        var line = await AssertRefusedAsync(pipeline);

        Assert.Contains("its certificate is not trusted", line, StringComparison.Ordinal);
        Assert.Contains("PAPERPIPELINE_INDEX_CA", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_our_authority_is_trusted()
    {
        using var certificate = _authority.Issue();
        await using var secured = await new FaultyServer(SearchServer.Url!, _ => Fault.None).ListenAsync(() =>
            certificate
        );
        await using var pipeline = await PrepareAsync(secured);
        pipeline.Program.Variables["PAPERPIPELINE_INDEX_CA"] = pipeline.Program.Write("ca.pem", _authority.Pem);

        await AssertTakenAsync(pipeline);
    }

    private async Task<TestPipeline> PrepareAsync(FaultyServer server)
    {
        var pipeline = new TestPipeline(await broker.NewHostAsync());
        pipeline.Program.Variables["PAPERPIPELINE_INDEX"] = server.Address.ToString();
        pipeline.Program.Variables["PAPERPIPELINE_INDEX_PREFIX"] = _server.Prefix;
        return pipeline;
    }

    private static async Task AssertTakenAsync(TestPipeline pipeline)
    {
        var worker = await pipeline.StartReadyAsync("Indexer");
        Assert.Equal(0, (await worker.StopAsync()).Code);
    }

    private static async Task<string> AssertRefusedAsync(TestPipeline pipeline)
    {
        var run = await pipeline.Start("Indexer").EndAsync();

        Assert.Equal((1, ""), (run.Code, run.Out));
        return Assert.Single(run.ErrorLines);
    }
}
