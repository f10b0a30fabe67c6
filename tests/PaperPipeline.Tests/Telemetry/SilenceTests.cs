using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using PaperPipeline.Conformance;
using PaperPipeline.Contracts;
using PaperPipeline.Indexer;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.ServiceDefaults.Telemetry;

namespace PaperPipeline.Tests.Telemetry;

/// <summary>Without a collector nothing is exported, and tracing costs nothing.</summary>
[Collection(OneAtATime.Name)]
public sealed class SilenceTests
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    [Fact]
    public void Spans_of_papers_cost_nothing_while_nobody_listens()
    {
        Observation[] papers = [.. Enumerable.Range(1, 50).Select(n => Observations.Of("d", n, "A title"))];
        Assert.Null(PaperSpans.Start(papers));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            PaperSpans.Start(papers);
            foreach (var paper in papers)
                PipelineTelemetry.StartPaper("enrich", paper.Entry.Digest, paper.Entry.Ordinal);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Nothing_is_exported_without_an_address(string? address)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration[Endpoint] = address;

        builder.AddTelemetry("paperpipeline-test");

        using var host = builder.Build();
        Assert.Null(host.Services.GetService<TracerProvider>());
        Assert.Null(host.Services.GetService<MeterProvider>());
    }

    [Theory]
    [InlineData("localhost:4317")]
    [InlineData("collector")]
    [InlineData("ftp://collector")]
    public void An_address_that_is_none_is_one_clear_line(string address)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration[Endpoint] = address;

        var malformed = Assert.Throws<SettingException>(() => builder.AddTelemetry("paperpipeline-test"));

        Assert.Contains(Endpoint, malformed.Message, StringComparison.Ordinal);
        Assert.Contains(address, malformed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', malformed.Message);
    }
}
