using System.Globalization;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>
/// A real server of one test's own, which can be given odd limits and killed. PAPERPIPELINE_TEST_SEARCH_SERVER names a
/// folder with programs <c>start</c> and <c>stop</c> for it.
/// </summary>
internal sealed class OwnSearchServer : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string[] _settings;

    private OwnSearchServer(string[] settings) => _settings = settings;

    public Uri Url { get; private set; } = new("http://127.0.0.1:0");

    public static void Require() =>
        Assert.SkipWhen(Programs is null, "PAPERPIPELINE_TEST_SEARCH_SERVER names no server to start");

    public static async Task<OwnSearchServer> StartAsync(params string[] settings)
    {
        var server = new OwnSearchServer(settings);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts it on the same port with the same data.</summary>
    public async Task StartAgainAsync()
    {
        var port = Url.Port.ToString(CultureInfo.InvariantCulture);
        Url = new Uri((await RunAsync("start", [port, .. _settings])).Trim().Split('\n')[^1]);
    }

    /// <summary>Ends it as a power failure does.</summary>
    public Task KillAsync() => RunAsync("stop", "--kill");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    private static ServerPrograms? Programs => ServerPrograms.Named("PAPERPIPELINE_TEST_SEARCH_SERVER");

    private Task<string> RunAsync(string program, params string[] arguments) =>
        Programs!.RunAsync(_folder, program, arguments);
}
