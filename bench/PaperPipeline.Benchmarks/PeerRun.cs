using System.Diagnostics;
using System.Text.Json;

namespace PaperPipeline.Benchmarks;

/// <summary>
/// Another program for the same job: its <c>bench BUS SEARCH DIGESTS PAPERS</c> prints a line of JSON with
/// <c>papersPerSecond</c>.
/// </summary>
internal static class PeerRun
{
    /// <summary>Papers in a second.</summary>
    public static async Task<double> MeasureAsync(string folder, Uri bus, Uri server, string digests, int papers)
    {
        var start = new ProcessStartInfo(Path.Combine(folder, "bench"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        foreach (var argument in (string[])[bus.ToString(), server.ToString(), digests, Figures.Count(papers)])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The peer ended with {process.ExitCode}.");
        using var json = JsonDocument.Parse(output);
        return json.RootElement.GetProperty("papersPerSecond").GetDouble();
    }
}
