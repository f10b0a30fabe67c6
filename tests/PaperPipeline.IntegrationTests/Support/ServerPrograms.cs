using System.Diagnostics;

namespace PaperPipeline.IntegrationTests.Support;

/// <summary>A folder with programs <c>start</c> and <c>stop</c> for a real server.</summary>
/// <param name="Folder">The folder.</param>
internal sealed record ServerPrograms(string Folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>The programs in the folder that a variable names; null where it names none.</summary>
    public static ServerPrograms? Named(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder ? new ServerPrograms(folder) : null;

    /// <summary>Runs one of them and gives what it wrote.</summary>
    /// <param name="server">The server's own folder.</param>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments after the server's folder.</param>
    public async Task<string> RunAsync(TestFolder server, string program, params string[] arguments)
    {
        // The server keeps the streams of the program that starts it, so its answer comes by way of a file.
        var answer = server["answer.txt"];
        var start = new ProcessStartInfo("/bin/bash") { UseShellExecute = false };
        // One that is written in Java ends before the better compiler has paid: starting takes half the processor time.
        start.Environment["JDK_JAVA_OPTIONS"] = "-XX:TieredStopAtLevel=1";
        string[] all = ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1", "-", answer, Path.Combine(Folder, program)];
        foreach (var argument in (string[])[.. all, server.Path, .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience);
        var text = await File.ReadAllTextAsync(answer, CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"{program}: {text}");
        return text;
    }
}
