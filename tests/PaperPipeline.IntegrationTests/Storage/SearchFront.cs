using PaperPipeline.IntegrationTests.Storage;

[assembly: AssemblyFixture(typeof(SearchFront))]

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>
/// Stands before the server that ELASTICSEARCH_URL names for the whole run: every request of every test, of this process or
/// of a program that a test starts, comes by and is held against the contract.
/// </summary>
public sealed class SearchFront : IAsyncLifetime
{
    private static FaultyServer? _front;

    /// <summary>Where tests find the server; null where there is none.</summary>
    internal static Uri? Address => _front?.Address;

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("ELASTICSEARCH_URL") is { Length: > 0 } url)
            _front = await FaultyServer.StartAsync(new Uri(url), _ => Fault.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_front is { } front)
            await front.DisposeAsync();
    }

    /// <summary>Fails the test where a request that names something with this prefix was not as the contract has it.</summary>
    internal static void Require(string prefix) => _front?.Contract.Require(prefix);
}
