using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PaperPipeline.IntegrationTests.Support;

/// <summary>A program that runs; it is killed at the end where it has not ended by itself.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);

    // As published, or as built beside the tests.
    private static readonly string Programs =
        Environment.GetEnvironmentVariable("PAPERPIPELINE_TEST_PROGRAMS") ?? AppContext.BaseDirectory;

    private readonly Process _process;
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();
    private readonly Task _ends;

    private RunningProgram(Process process, byte[] input)
    {
        _process = process;
        _ends = Task.WhenAll(ReadAsync(process.StandardOutput, _out), ReadAsync(process.StandardError, _error));
        _ = FeedAsync(input);
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>What it wrote to standard output so far.</summary>
    public string Out => TextOf(_out);

    /// <summary>What it wrote to standard error so far.</summary>
    public string Error => TextOf(_error);

    /// <summary>Where a program of ours is.</summary>
    /// <param name="name">Its name without <c>.dll</c>.</param>
    public static string PathOf(string name) => Path.Combine(Programs, name + ".dll");

    /// <summary>Starts a program of ours.</summary>
    /// <param name="name">Its name without <c>.dll</c>.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="variables">Our settings; it inherits none.</param>
    /// <param name="input">Its standard input.</param>
    public static RunningProgram Start(
        string name,
        string folder,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>> variables,
        byte[] input
    )
    {
        var start = new ProcessStartInfo(OperatingSystem.IsLinux() ? "env" : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = folder,
        };
        foreach (var ours in start.Environment.Keys.Where(IsOurs).ToList())
            start.Environment.Remove(ours);
        start.Environment["NO_COLOR"] = "1";
        // They run too shortly to gain from being measured.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (variable, value) in variables)
            start.Environment[variable] = value;
        // A shell in the background leaves SIGINT ignored, which a child would inherit.
        if (OperatingSystem.IsLinux())
            foreach (var argument in (string[])["--default-signal=INT", "dotnet"])
                start.ArgumentList.Add(argument);
        start.ArgumentList.Add(PathOf(name));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return new RunningProgram(Process.Start(start)!, input);
    }

    /// <summary>Sends a signal, such as <c>INT</c>, where it has not ended.</summary>
    public async Task SignalAsync(string signal)
    {
        if (HasEnded)
            return;
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<ProgramRun> EndAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        await _process.WaitForExitAsync(deadline.Token);
        await _ends.WaitAsync(deadline.Token);
        return new ProgramRun(_process.ExitCode, Out, Error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process.Dispose();
    }

    private static bool IsOurs(string variable) =>
        variable.StartsWith("PAPERPIPELINE_", StringComparison.Ordinal)
        || variable.StartsWith("OTEL_", StringComparison.Ordinal);

    private static string TextOf(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }

    private static async Task ReadAsync(StreamReader stream, StringBuilder text)
    {
        var buffer = new char[1024];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
            lock (text)
                text.Append(buffer, 0, read);
    }

    private async Task FeedAsync(byte[] input)
    {
        try
        {
            await using var stream = _process.StandardInput.BaseStream;
            await stream.WriteAsync(input);
        }
        catch (IOException)
        {
            // It ended without reading.
        }
    }
}
