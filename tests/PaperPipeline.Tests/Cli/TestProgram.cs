using System.Diagnostics;

namespace PaperPipeline.Tests.Cli;

/// <summary>What a run of the program gave.</summary>
internal sealed record ProgramRun(int Code, string Out, string Error)
{
    public string LastLine => Out.TrimEnd().Split('\n')[^1];

    public IReadOnlyList<string> Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The program in a process and a data directory of its own.</summary>
internal sealed class TestProgram : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("paperpipeline-cli-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public async Task<ProgramRun> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(100));
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return new ProgramRun(process.ExitCode, await output, await error);
    }

    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
            Environment = { ["PAPERPIPELINE_DATA_DIR"] = Path.Combine(Folder, "data"), ["NO_COLOR"] = "1" },
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "paperpipeline.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
