namespace PaperPipeline.ServiceDefaults.Health;

/// <summary>
/// Asks a running worker whether it is ready, for a container that has neither shell nor curl: the worker's own program,
/// started with the argument <c>health</c>, ends with 0 when it is.
/// </summary>
internal static class HealthQuestion
{
    /// <summary>The argument that makes a worker ask instead of run.</summary>
    public const string Argument = "health";

    private const int Ready = 0;
    private const int NotReady = 1;
    private const int Usage = 2;

    // The worker itself asks the broker for up to 5 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>Asks once; what is wrong is one line on standard error.</summary>
    public static async Task<int> AskAsync()
    {
        if (Address(Environment.GetEnvironmentVariable("ASPNETCORE_URLS")) is not { } address)
        {
            await Console.Error.WriteLineAsync("Where to ask is not known: set ASPNETCORE_URLS as for the worker.");
            return Usage;
        }
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri(address, WorkerHost.ReadyPath));
            if (answer.IsSuccessStatusCode)
                return Ready;
            await Console.Error.WriteLineAsync($"{address} is not ready ({(int)answer.StatusCode}).");
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{address} does not answer: {failure.Message.ReplaceLineEndings(" ")}");
        }
        return NotReady;
    }

    // "http://+:8080" and its like mean every interface; here it is asked on the loopback interface.
    private static Uri? Address(string? urls)
    {
        if (
            urls?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            is not [var url, ..]
        )
            return null;
        var named = url.Replace("//+", "//127.0.0.1", StringComparison.Ordinal)
            .Replace("//*", "//127.0.0.1", StringComparison.Ordinal);
        if (!Uri.TryCreate(named, UriKind.Absolute, out var address))
            return null;
        return address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;
    }
}
