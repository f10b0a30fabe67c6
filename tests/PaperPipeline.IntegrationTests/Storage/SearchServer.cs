using System.Text;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>The real server that ELASTICSEARCH_URL names, with indices of one test class's own.</summary>
internal sealed class SearchServer : IAsyncDisposable
{
    private static readonly HttpClient Client = new();

    /// <summary>Where it is found: behind the front that looks at every request.</summary>
    public static Uri? Url => SearchFront.Address;

    public string Prefix { get; } = $"test-{Guid.NewGuid():N}-";

    public static void Require() => Assert.SkipWhen(Url is null, "ELASTICSEARCH_URL names no server");

    /// <summary>Changes settings of the papers' index.</summary>
    public async Task ChangeAsync(string name, string settings)
    {
        using var content = new StringContent(settings, Encoding.UTF8, "application/json");
        var address = new Uri(Url!, $"{Prefix}{name}-papers-v0001/_settings");
        using var answer = await Client.PutAsync(address, content, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Takes away what was made, and fails the test where a request was not as the contract has it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Url is null)
            return;
        foreach (var kind in new[] { "", "_index_template/" })
        {
            using var gone = await Client.DeleteAsync(new Uri(Url, kind + Prefix + "*"), CancellationToken.None);
        }
        SearchFront.Require(Prefix);
    }
}
