using Microsoft.Extensions.Configuration;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.ServiceDefaults.Telemetry;
using PaperPipeline.Tests.Deployment;

namespace PaperPipeline.Tests.Telemetry;

public sealed class TraceSamplingTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData(" ", "nonsense")]
    [InlineData("always_on", null)]
    [InlineData("Always_Off", "nonsense")]
    [InlineData("traceidratio", null)]
    [InlineData("traceidratio", "0.25")]
    [InlineData("parentbased_traceidratio", "1")]
    public void A_sampler_is_taken(string? sampler, string? share) => TraceSampling.Require(Settings(sampler, share));

    [Theory]
    [InlineData("sometimes", null, "OTEL_TRACES_SAMPLER ")]
    [InlineData("traceidratio", "half", "OTEL_TRACES_SAMPLER_ARG")]
    [InlineData("traceidratio", "1.5", "OTEL_TRACES_SAMPLER_ARG")]
    [InlineData("parentbased_traceidratio", "-0.1", "OTEL_TRACES_SAMPLER_ARG")]
    [InlineData("traceidratio", "NaN", "OTEL_TRACES_SAMPLER_ARG")]
    public void What_is_no_sampler_is_refused_by_name(string sampler, string? share, string named)
    {
        var refused = Assert.Throws<SettingException>(() => TraceSampling.Require(Settings(sampler, share)));

        Assert.StartsWith(named, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("always_on")]
    [InlineData("always_off")]
    [InlineData("traceidratio")]
    [InlineData("parentbased_always_on")]
    [InlineData("parentbased_always_off")]
    [InlineData("parentbased_traceidratio")]
    public void Every_sampler_is_documented(string sampler) =>
        Assert.Contains($"`{sampler}`", Repository.Read("docs", "telemetry.md"), StringComparison.Ordinal);

    private static IConfiguration Settings(string? sampler, string? share) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection([
                KeyValuePair.Create("OTEL_TRACES_SAMPLER", sampler),
                KeyValuePair.Create("OTEL_TRACES_SAMPLER_ARG", share),
            ])
            .Build();
}
