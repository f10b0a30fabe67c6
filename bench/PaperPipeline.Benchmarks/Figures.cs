using System.Globalization;

namespace PaperPipeline.Benchmarks;

/// <summary>Numbers for a person.</summary>
internal static class Figures
{
    public static string Rate(int papers, TimeSpan time) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{time.TotalSeconds, 7:0.00} s  {papers / time.TotalSeconds, 8:#,0} papers/s"
        );

    public static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");

    public static string Count(double number) => number.ToString("0", CultureInfo.InvariantCulture);

    public static string Ratio(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture);

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
