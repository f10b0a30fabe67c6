using System.Diagnostics;
using System.Text;

namespace PaperPipeline.IntegrationTests.Support;

/// <summary>What a run of the program gave.</summary>
internal sealed record ProgramRun(int Code, string Out, string Error)
{
    public string LastLine => Out.TrimEnd().Split('\n')[^1];

    public IReadOnlyList<string> Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public IReadOnlyList<string> ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The program in processes and a data directory of its own.</summary>
internal sealed class TestProgram : IDisposable
{
    private readonly TestFolder _folder = new();

    public string Folder => _folder.Path;

    public string DataDir => Path.Combine(Folder, "data");

    public string Archive => Path.Combine(DataDir, "archive");

    /// <summary>Variables beside those that each run gets.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public void Dispose() => _folder.Dispose();

    public string Write(string name, string text) => _folder.Write(name, text);

    public async Task<ProgramRun> RunAsync(params string[] arguments)
    {
        await using var running = Start(arguments);
        return await running.EndAsync();
    }

    public async Task<ProgramRun> RunOnInputAsync(byte[] input, params string[] arguments)
    {
        await using var running = Start(arguments, input);
        return await running.EndAsync();
    }

    public async Task<ProgramRun> ExportAsync() => await RunAsync("export");

    public RunningProgram Start(params string[] arguments) => Start(arguments, []);

    private RunningProgram Start(string[] arguments, byte[] input)
    {
        var start = new ProcessStartInfo(OperatingSystem.IsLinux() ? "env" : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = Folder,
        };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
            start.Environment.Remove(name);
        start.Environment["PAPERPIPELINE_DATA_DIR"] = DataDir;
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        // A shell in the background leaves SIGINT ignored, which a child would inherit.
        if (OperatingSystem.IsLinux())
            foreach (var argument in (string[])["--default-signal=INT", "dotnet"])
                start.ArgumentList.Add(argument);
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "paperpipeline.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return new RunningProgram(Process.Start(start)!, input);
    }

    private static bool IsOurs(string variable) =>
        variable.StartsWith("PAPERPIPELINE_", StringComparison.Ordinal)
        || variable.StartsWith("OTEL_", StringComparison.Ordinal);
}
