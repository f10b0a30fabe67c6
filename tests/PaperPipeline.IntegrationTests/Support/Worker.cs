using System.Globalization;
using System.Net;

namespace PaperPipeline.IntegrationTests.Support;

/// <summary>One of the four workers in a process of its own.</summary>
internal sealed class Worker : IAsyncDisposable
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(20) };

    private readonly Uri _address = new($"http://127.0.0.1:{SourceServer.ClosedPort()}");
    private readonly RunningProgram _program;

    /// <param name="stage">Fetcher, Parser, Enricher or Indexer.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="settings">Its variables.</param>
    public Worker(string stage, string folder, IReadOnlyDictionary<string, string> settings)
    {
        Stage = stage;
        _program = RunningProgram.Start(
            "PaperPipeline." + stage,
            folder,
            [],
            settings.Append(KeyValuePair.Create("ASPNETCORE_URLS", _address.ToString())),
            []
        );
    }

    public string Stage { get; }

    public bool HasEnded => _program.HasEnded;

    /// <summary>What it wrote so far.</summary>
    public string Log => _program.Out + _program.Error;

    /// <summary>Waits until it says that it is ready.</summary>
    public Task ReadyAsync() =>
        Eventually.HoldsAsync(
            async () =>
            {
                Assert.False(HasEnded, $"the {Stage} has ended: {Log}");
                return (await HealthAsync("ready")).Code == HttpStatusCode.OK;
            },
            () => $"the {Stage} is ready: {Log}"
        );

    /// <summary>Waits until it says that it is not ready, and why; gives what it says.</summary>
    public async Task<string> NotReadyAsync(string reason)
    {
        var last = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                Assert.False(HasEnded, $"the {Stage} has ended: {Log}");
                (var code, last) = await HealthAsync("ready");
                return code == HttpStatusCode.ServiceUnavailable
                    && last.Contains(reason, StringComparison.OrdinalIgnoreCase);
            },
            () => $"the {Stage} says that it is not ready because of {reason}; it says {last}"
        );
        return last;
    }

    /// <summary>What <c>/health/live</c> or <c>/health/ready</c> answers; no code where nothing does.</summary>
    public async Task<(HttpStatusCode? Code, string Text)> HealthAsync(string name)
    {
        try
        {
            using var answer = await Client.GetAsync(
                new Uri(_address, "health/" + name),
                TestContext.Current.CancellationToken
            );
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        catch (HttpRequestException)
        {
            return (null, "");
        }
    }

    /// <summary>Ends it as the system's last resort does.</summary>
    public async Task KillAsync()
    {
        await _program.SignalAsync("KILL");
        await _program.EndAsync();
    }

    /// <summary>Asks it to end, and waits for that.</summary>
    public async Task<ProgramRun> StopAsync()
    {
        await _program.SignalAsync("TERM");
        return await _program.EndAsync();
    }

    /// <summary>Waits for its end.</summary>
    public Task<ProgramRun> EndAsync() => _program.EndAsync();

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Stage} at {_address}");
}
