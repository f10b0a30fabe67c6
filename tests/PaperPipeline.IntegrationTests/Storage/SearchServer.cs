using System.Text;
using System.Text.Json.Nodes;

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
    public Task ChangeAsync(string name, string settings) =>
        AskAsync(HttpMethod.Put, $"{name}-papers-v0004/_settings", settings);

    /// <summary>Asks the server itself; the path follows the prefix, or begins with a slash.</summary>
    public async Task<JsonNode?> AskAsync(HttpMethod method, string path, string? body)
    {
        using var answer = await SendAsync(method, path, body);
        var text = await answer.Content.ReadAsStringAsync(CancellationToken.None);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text);
    }

    /// <summary>Whether the server does what it is asked for.</summary>
    public async Task<bool> TryAsync(HttpMethod method, string path, string? body)
    {
        using var answer = await SendAsync(method, path, body);
        return answer.IsSuccessStatusCode;
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

    // What stands for the prefix in texts is PREFIX.
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body)
    {
        var whole = path.StartsWith('/') ? path[1..] : Prefix + path;
        using var request = new HttpRequestMessage(method, new Uri(Url!, Named(whole)));
        if (body is not null)
            request.Content = new StringContent(Named(body), Encoding.UTF8, "application/json");
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private string Named(string text) => text.Replace("PREFIX", Prefix, StringComparison.Ordinal);
}
