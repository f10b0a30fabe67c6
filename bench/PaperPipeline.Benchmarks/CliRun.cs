using System.Diagnostics;

namespace PaperPipeline.Benchmarks;

/// <summary>What an ingest by the built program took.</summary>
/// <param name="Elapsed">From the start of the process to its end.</param>
/// <param name="PeakBytes">Greatest resident memory.</param>
/// <param name="Summary">Its last line.</param>
internal sealed record CliRun(TimeSpan Elapsed, long PeakBytes, string Summary)
{
    /// <summary>The program that was built together with the benchmarks.</summary>
    public static string BuiltProgram => Path.Combine(AppContext.BaseDirectory, "paperpipeline.dll");

    /// <summary>Runs <c>ingest</c> in a process of its own.</summary>
    /// <param name="program">The build.</param>
    /// <param name="digests">What is read.</param>
    /// <param name="dataDir">Its data directory.</param>
    /// <param name="variables">Further settings as environment variables.</param>
    public static async Task<CliRun> IngestAsync(
        string program,
        string digests,
        string dataDir,
        params (string Name, string Value)[] variables
    )
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[program, "ingest", digests, "--data-dir", dataDir])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var ended = process.WaitForExitAsync();
        // The system keeps the peak itself, so what is missed is only what grows in the last moment.
        long peak = 0;
        do
        {
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System));
            peak = Math.Max(peak, Peak(process));
        } while (!ended.IsCompleted);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var lines = (await output).TrimEnd().Split('\n');
        if (process.ExitCode is not (0 or 3))
            throw new InvalidOperationException($"ingest ended with {process.ExitCode}: {(await error).TrimEnd()}");
        return new CliRun(elapsed, peak, lines[^1]);
    }

    private static long Peak(Process process)
    {
        try
        {
            process.Refresh();
            return process.HasExited ? 0 : process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }
}
