using PaperPipeline.IntegrationTests.Storage;
using PaperPipeline.IntegrationTests.Storage.Contract;
using PaperPipeline.IntegrationTests.Support;

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
        if (_front is not { } front)
            return;
        await front.DisposeAsync();
        if (IsWhole && ApiContract.All.Count > 0)
            Assert.Empty(KnownDifferences.Unused);
    }

    // Whether each test ran that sends what no contract knows.
    private static bool IsWhole =>
        Environment.GetEnvironmentVariable("PAPERPIPELINE_TEST_ALL") is { Length: > 0 }
        && OwnSearchServer.IsThere
        && !SmallDisk.WasRefused;

    /// <summary>Fails the test where a request that names something with this prefix was not as the contract has it.</summary>
    internal static void Require(string prefix) => _front?.Contract.Require(prefix);
}
