using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace PaperPipeline.Benchmarks;

/// <summary>One program of a build, mostly a worker, in a process of its own.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();

    private WorkerProcess(string stage, Process process) => (Stage, this.process) = (stage, process);

    /// <summary>The stages, in the order of the flow.</summary>
    public static IReadOnlyList<string> Stages { get; } = ["Fetcher", "Parser", "Enricher", "Indexer"];

    /// <summary>The <c>src</c> folder of the checkout that the benchmarks were built in.</summary>
    public static string BuiltSource { get; } =
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../src"));

    /// <summary>Which one it is.</summary>
    public string Stage { get; }

    /// <summary>Processor time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Greatest resident memory so far, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>Starts a worker.</summary>
    /// <param name="source">A folder of published programs, or the <c>src</c> folder of a checkout that was built for Release.</param>
    /// <param name="stage">One of <see cref="Stages"/>.</param>
    /// <param name="settings">Settings by their names without <c>PAPERPIPELINE_</c>.</param>
    public static WorkerProcess Start(string source, string stage, IReadOnlyDictionary<string, string> settings) =>
        Start(source, stage, $"PaperPipeline.{stage}.dll", [], settings);

    /// <summary>Starts the command line.</summary>
    /// <param name="source">As of <see cref="Start(string, string, IReadOnlyDictionary{string, string})"/>.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="settings">Settings by their names without <c>PAPERPIPELINE_</c>.</param>
    public static WorkerProcess StartProgram(
        string source,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> settings
    ) => Start(source, "Cli", "paperpipeline.dll", arguments, settings);

    private static WorkerProcess Start(
        string source,
        string project,
        string file,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> settings
    )
    {
        var program = Path.Combine(source, file);
        if (!File.Exists(program))
            program = Path.Combine(
                source,
                "PaperPipeline." + project,
                "bin/Release",
                string.Create(CultureInfo.InvariantCulture, $"net{Environment.Version.Major}.0"),
                file
            );
        if (!File.Exists(program))
            throw new FileNotFoundException($"{program} is not there: build the solution for Release.");
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in settings)
            start.Environment["PAPERPIPELINE_" + name] = value;
        var worker = new WorkerProcess(project, Process.Start(start)!);
        worker.process.OutputDataReceived += worker.Keep;
        worker.process.ErrorDataReceived += worker.Keep;
        worker.process.BeginOutputReadLine();
        worker.process.BeginErrorReadLine();
        return worker;
    }

    /// <summary>True when it has ended.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>Throws when the worker has ended.</summary>
    public void ThrowIfEnded()
    {
        if (HasEnded)
            throw new InvalidOperationException(
                $"{Stage} ended with {process.ExitCode}: {string.Join(Environment.NewLine, lines)}"
            );
    }

    /// <summary>Asks it to stop, and ends it where it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using var terminate = Process.Start("kill", ["-TERM", Figures.Count(process.Id)]);
            await terminate.WaitForExitAsync();
            using var late = new CancellationTokenSource(Patience);
            try
            {
                await process.WaitForExitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }
        process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lines.Enqueue(line.Data);
        if (lines.Count > 20)
            lines.TryDequeue(out _);
    }
}
