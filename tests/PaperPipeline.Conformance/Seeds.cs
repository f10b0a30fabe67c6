using System.Globalization;

namespace PaperPipeline.Conformance;

/// <summary>
/// Chance that can be had again: a test that draws lots says its seed, and <c>PAPERPIPELINE_TEST_SEED</c> sets it.
/// <c>PAPERPIPELINE_TEST_ROUNDS</c> makes such tests longer.
/// </summary>
public static class Seeds
{
    /// <summary>How often a test goes round, from 1.</summary>
    public static int Rounds => Number("PAPERPIPELINE_TEST_ROUNDS") ?? 1;

    /// <summary>A source of chance that has said its seed.</summary>
    public static Random New(ITestOutputHelper output)
    {
        var seed = Number("PAPERPIPELINE_TEST_SEED") ?? Random.Shared.Next();
        output.WriteLine($"PAPERPIPELINE_TEST_SEED={seed.ToString(CultureInfo.InvariantCulture)}");
        return new Random(seed);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
