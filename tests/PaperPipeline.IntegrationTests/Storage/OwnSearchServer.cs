using System.Diagnostics;
using System.Globalization;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>
/// A real server of one test's own, which can be given odd limits and killed. PAPERPIPELINE_TEST_SEARCH_SERVER names a
/// folder with programs <c>start</c> and <c>stop</c> for it.
/// </summary>
internal sealed class OwnSearchServer : IAsyncDisposable
{
    private static readonly SemaphoreSlim Starting = new(1, 1);

    private readonly TestFolder _folder = new();
    private readonly SmallDisk? _disk;
    private string[] _settings = [];
    private FaultyServer? _front;
    private string _port = "0";

    private OwnSearchServer(int? megabytes) =>
        _disk = megabytes is { } size ? SmallDisk.Mount(_folder["data"], size) : null;

    /// <summary>Where it is found: behind a front that looks at every request.</summary>
    public Uri Url => _front!.Address;

    /// <summary>Whether there is one to start.</summary>
    public static bool IsThere => Programs is not null;

    public static void Require() =>
        Assert.SkipUnless(IsThere, "PAPERPIPELINE_TEST_SEARCH_SERVER names no server to start");

    public static Task<OwnSearchServer> StartAsync(params string[] settings) =>
        StartAsync(new OwnSearchServer(megabytes: null), settings);

    /// <summary>Starts it with its data on a disk of so many megabytes.</summary>
    public static Task<OwnSearchServer> StartOnDiskAsync(int megabytes, params string[] settings) =>
        StartAsync(new OwnSearchServer(megabytes), settings);

    /// <summary>Its disk, where it has one of its own.</summary>
    public SmallDisk Disk => _disk!;

    /// <summary>Starts it on the same port with the same data, and with other settings where some are given.</summary>
    public async Task StartAgainAsync(params string[] settings)
    {
        if (settings.Length > 0)
            _settings = settings;
        // Several that start at once on few cores are not there in time.
        await Starting.WaitAsync();
        Uri url;
        try
        {
            url = await LaunchAsync();
        }
        catch (Exception late) when (late is Xunit.Sdk.XunitException or TimeoutException)
        {
            // On a busy machine it may not be there in time.
            await KillAsync();
            url = await LaunchAsync();
        }
        finally
        {
            Starting.Release();
        }
        _port = url.Port.ToString(CultureInfo.InvariantCulture);
        _front ??= await FaultyServer.StartAsync(url, _ => Fault.None);
    }

    private async Task<Uri> LaunchAsync() =>
        new((await RunAsync("start", [_port, .. _settings])).Trim().Split('\n')[^1]);

    /// <summary>Ends it as a power failure does.</summary>
    public Task KillAsync() => RunAsync("stop", "--kill");

    /// <summary>Lets it hang: it takes connections and answers nothing.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    private async Task SignalAsync(string signal)
    {
        var pid = (await File.ReadAllTextAsync(_folder["pid"], CancellationToken.None)).Trim();
        using var kill = Process.Start("kill", [$"-{signal}", pid]);
        await kill.WaitForExitAsync(CancellationToken.None);
        Assert.Equal(0, kill.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _disk?.Dispose();
        _folder.Dispose();
        if (_front is { } front)
            await front.DisposeAsync();
    }

    private static async Task<OwnSearchServer> StartAsync(OwnSearchServer server, string[] settings)
    {
        try
        {
            await server.StartAgainAsync(settings);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static ServerPrograms? Programs => ServerPrograms.Named("PAPERPIPELINE_TEST_SEARCH_SERVER");

    private Task<string> RunAsync(string program, params string[] arguments) =>
        Programs!.RunAsync(_folder, program, arguments);
}
