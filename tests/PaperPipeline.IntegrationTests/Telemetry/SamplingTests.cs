using Microsoft.AspNetCore.Http;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Telemetry;

/// <summary>What is sampled, and what never is.</summary>
public sealed class SamplingTests
{
    [Theory]
    [InlineData("always_off", null)]
    [InlineData("traceidratio", "0")]
    [InlineData("parentbased_traceidratio", "0")]
    public async Task Traces_alone_are_sampled(string sampler, string? share)
    {
        await using var collector = await Collector.StartAsync();
        using var program = Program(collector);
        program.Variables["OTEL_TRACES_SAMPLER"] = sampler;
        if (share is not null)
            program.Variables["OTEL_TRACES_SAMPLER_ARG"] = share;
        program.Write("digests/known.txt", Digests.Page(60));
        program.Write("digests/unknown.txt", "Dear all,\n\nthe meeting is at ten.\n");

        var run = await program.RunAsync("ingest", Path.Combine(program.Folder, "digests"));

        Assert.Equal((3, "2 digests, 60 papers: 60 indexed, 1 dead letter"), (run.Code, run.LastLine));
        await Eventually.HoldsAsync(
            () =>
                Counted(collector, "paperpipeline.dead_letters") == 1
                && Counted(collector, "paperpipeline.papers") == 180,
            () => $"all is counted: {string.Join(", ", collector.Metrics())}"
        );
        Assert.Empty(collector.Spans().All);
    }

    [Fact]
    public async Task What_is_no_sampler_is_one_line_at_the_start()
    {
        await using var collector = await Collector.StartAsync();
        using var program = Program(collector);
        program.Variables["OTEL_TRACES_SAMPLER"] = "sometimes";

        var run = await program.RunAsync("ingest", program.Write("page.txt", Digests.Page(3)));

        Assert.Equal(2, run.Code);
        Assert.Contains("OTEL_TRACES_SAMPLER", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_to_sources_and_their_failures_are_spans_of_HTTP_clients()
    {
        await using var source = await SourceServer.StartAsync(context =>
        {
            if (context.Request.Path == "/page.txt")
                return context.Response.WriteAsync(Digests.Page(5));
            context.Response.StatusCode = context.Request.Path == "/moved" ? 302 : 404;
            context.Response.Headers.Location = "/page.txt?n=1";
            return Task.CompletedTask;
        });
        await using var collector = await Collector.StartAsync();
        using var program = Program(collector);

        await program.RunAsync("ingest", source.At("/moved"), source.At("/nowhere"));

        var address = new Uri(source.At("/"));
        await Eventually.HoldsAsync(() => collector.Spans().Named("GET").Count() == 3, "all requests have spans");
        var requests = collector.Spans().Named("GET").OrderBy(r => r["url.full"], StringComparer.Ordinal).ToList();
        Assert.Equal(
            [("302", null, null), ("404", "404", null), ("200", null, "1")],
            requests.Select(r => (r["http.response.status_code"], r["error.type"], r["http.request.resend_count"]))
        );
        Assert.Equal(
            ["moved", "nowhere", "page.txt?n=1"],
            requests.Select(r => r["url.full"]![address.ToString().Length..])
        );
        Assert.All(
            requests,
            request =>
            {
                const int client = 3;
                Assert.Equal((client, "GET"), (request.Kind, request["http.request.method"]));
                Assert.Equal(
                    (address.Host, address.Port.ToString(null as IFormatProvider)),
                    (request["server.address"], request["server.port"])
                );
                Assert.Equal("fetch", collector.Spans()[request.Parent].Name);
            }
        );
    }

    private static TestProgram Program(Collector collector)
    {
        var program = new TestProgram();
        foreach (var (name, value) in collector.Variables)
            program.Variables[name] = value;
        return program;
    }

    private static double Counted(Collector collector, string metric) =>
        collector.Metrics().Where(each => each.Name == metric).Sum(each => each.Value);
}
