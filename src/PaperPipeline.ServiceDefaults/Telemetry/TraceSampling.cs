using System.Globalization;
using Microsoft.Extensions.Configuration;
using PaperPipeline.ServiceDefaults.Settings;

namespace PaperPipeline.ServiceDefaults.Telemetry;

/// <summary>
/// Which traces are made: <c>OTEL_TRACES_SAMPLER</c> and <c>OTEL_TRACES_SAMPLER_ARG</c>, which the exporter reads itself. It
/// says nothing of what it does not understand, and then makes all of them.
/// </summary>
internal static class TraceSampling
{
    private const string Sampler = "OTEL_TRACES_SAMPLER";
    private const string Argument = "OTEL_TRACES_SAMPLER_ARG";

    private static readonly string[] Samplers =
    [
        "always_on",
        "always_off",
        "traceidratio",
        "parentbased_always_on",
        "parentbased_always_off",
        "parentbased_traceidratio",
    ];

    /// <summary>Refuses what is no sampler.</summary>
    /// <exception cref="SettingException">It is none, or its argument is no share.</exception>
    public static void Require(IConfiguration settings)
    {
        var sampler = settings[Sampler];
        if (string.IsNullOrWhiteSpace(sampler))
            return;
        if (!Samplers.Contains(sampler, StringComparer.OrdinalIgnoreCase))
            throw new SettingException($"{Sampler} is '{sampler}': it must be one of {string.Join(", ", Samplers)}.");
        var share = settings[Argument];
        if (
            sampler.EndsWith("ratio", StringComparison.OrdinalIgnoreCase)
            && !string.IsNullOrWhiteSpace(share)
            && !(
                double.TryParse(share, NumberStyles.Float, CultureInfo.InvariantCulture, out var part)
                && part is >= 0 and <= 1
            )
        )
            throw new SettingException($"{Argument} is '{share}': it must be a share of traces, from 0 to 1.");
    }
}
