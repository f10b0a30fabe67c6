using System.Text;
using Microsoft.AspNetCore.Http;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Storage.Contract;

/// <summary>The check of our requests against the contract finds what it should.</summary>
public sealed class ContractTests
{
    [Theory]
    [InlineData("POST", "papers/_search", """{"query":{"terms":{"kind":["paper"]}},"size":3}""")]
    [InlineData("GET", "papers/_count", "")]
    [InlineData("POST", "papers/_mget?_source_includes=observations,papers", """{"ids":["a","b"]}""")]
    [InlineData("POST", "papers/_search/point_in_time?keep_alive=5m", "")]
    [InlineData("DELETE", "_search/point_in_time", """{"pit_id":["a"]}""")]
    [InlineData("PUT", "papers/_doc/a?require_alias=true&if_seq_no=3&if_primary_term=1", """{"a":1}""")]
    public void A_right_request_has_no_faults(string method, string path, string body) =>
        Assert.Empty(Faults(method, path, "application/json", body));

    [Theory]
    [InlineData("POST", "papers/_search", """{"query":{"bool":{"filtr":[]}}}""", "filtr")]
    [InlineData("POST", "papers/_search", """{"size":"many"}""", "/size")]
    [InlineData("POST", "papers/_search?siz=3", "{}", "?siz")]
    [InlineData("POST", "papers/_search?size=many", "{}", "?size")]
    [InlineData("POST", "papers/_find", "{}", "no such operation")]
    [InlineData("PATCH", "papers/_search", "{}", "no such operation")]
    [InlineData("POST", "papers/_mget", "", "a body is missing")]
    [InlineData("POST", "papers/_search", "{", "no JSON")]
    [InlineData("POST", "papers/_search/point_in_time?keep=5m", "", "?keep")]
    [InlineData("DELETE", "_search/point_in_time", """{"id":"a"}""", "pit_id is missing")]
    [InlineData("DELETE", "_search/point_in_time", """{"pit_id":"a"}""", "/pit_id")]
    public void A_wrong_request_has_a_fault(string method, string path, string body, string fault) =>
        Assert.Contains(
            Faults(method, path, "application/json", body),
            found => found.Contains(fault, StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("""{"create":{"_id":"a"}}""" + "\n{}\n", null)]
    [InlineData("""{"create":{"_id":"a"}}""" + "\n{}", "does not end")]
    [InlineData("""{"create":{"_id":"a"}}""" + "\n", "without a document")]
    [InlineData("""{"create":{"_idd":"a"}}""" + "\n{}\n", "_idd")]
    [InlineData("""{"create":{"_id":"a"}}""" + "\n7\n", "must be an object")]
    [InlineData("""{"create":{"_id":"a"}}""" + "\n{\n", "no JSON")]
    public void Each_line_of_a_bulk_is_looked_at(string body, string? fault)
    {
        var faults = Faults("POST", "papers/_bulk?require_alias=true", "application/x-ndjson", body);

        Assert.Equal(fault is null, faults.Count == 0);
        Assert.Contains(fault ?? "", string.Concat(faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_request_of_any_program_is_noticed_on_its_way()
    {
        ApiContract.Require();
        await using var server = await SourceServer.StartAsync(context => context.Response.WriteAsync("{}"));
        await using var front = await FaultyServer.StartAsync(new Uri(server.Address), _ => Fault.None);
        using var client = new HttpClient();

        foreach (var body in (string[])["""{"query":{"bool":{"filter":[]}}}""", """{"query":{"bool":{"filtr":[]}}}"""])
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync(
                new Uri(front.Address, "papers/_search"),
                content,
                TestContext.Current.CancellationToken
            );
        }

        Assert.Equal(2, front.Contract.Seen);
        var faults = front.Contract.Take("papers/_search");
        Assert.NotEmpty(faults);
        Assert.All(faults, fault => Assert.Contains("filtr", fault, StringComparison.Ordinal));
    }

    [Fact]
    public void A_bulk_that_says_it_is_json_has_a_fault() =>
        Assert.NotEmpty(Faults("POST", "papers/_bulk", "application/json", "{\"create\":{}}\n{}\n"));

    private static List<string> Faults(string method, string path, string mediaType, string body)
    {
        ApiContract.Require();
        var request = new ApiRequest(
            method,
            new Uri("http://localhost/" + path),
            mediaType,
            Encoding.UTF8.GetBytes(body)
        );
        // Every version, so that one that lets a fault pass is noticed.
        var faults = ApiContract.All.Select(contract => contract.Faults(request)).ToList();
        Assert.Single(faults.Select(f => f.Count > 0).Distinct());
        return [.. faults.SelectMany(f => f)];
    }
}
