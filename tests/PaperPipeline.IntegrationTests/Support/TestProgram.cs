namespace PaperPipeline.IntegrationTests.Support;

/// <summary>What a run of the program gave.</summary>
internal sealed record ProgramRun(int Code, string Out, string Error)
{
    /// <summary>The last line of its output; where there is none, what it said of its errors, for the message of a test.</summary>
    public string LastLine => Out.Length > 0 ? Out.TrimEnd().Split('\n')[^1] : $"(no output) {Error}";

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

    /// <summary>All variables that a run gets.</summary>
    public IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(Variables, StringComparer.Ordinal) { ["PAPERPIPELINE_DATA_DIR"] = DataDir };

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

    /// <summary>The digests that replays have done which are not at their end.</summary>
    public IReadOnlyList<string> Replayed()
    {
        var folder = Path.Combine(DataDir, "replays");
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder).SelectMany(ReadShared)] : [];
    }

    public RunningProgram Start(params string[] arguments) => Start(arguments, []);

    private RunningProgram Start(string[] arguments, byte[] input) =>
        RunningProgram.Start("paperpipeline", Folder, arguments, Settings, input);

    // A program holds the file open, and deletes it at its end.
    private static string[] ReadShared(string path)
    {
        try
        {
            using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            using var reader = new StreamReader(file);
            return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }
}
