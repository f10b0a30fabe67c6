using System.Text.Json;
using System.Text.RegularExpressions;

namespace PaperPipeline.Tests.Deployment;

/// <summary>A stage of a Dockerfile.</summary>
internal sealed record DockerStage(string Name, string From, IReadOnlyList<(string Word, string Tail)> Instructions)
{
    /// <summary>The arguments of the last instruction of this kind that is written as a JSON array.</summary>
    public IReadOnlyList<string>? Arguments(string word) =>
        Instructions.LastOrDefault(i => i.Word == word).Tail is { } rest
            ? JsonSerializer.Deserialize<string[]>(rest[rest.IndexOf('[', StringComparison.Ordinal)..])
            : null;
}

/// <summary>A Dockerfile of the repository.</summary>
internal static partial class DockerFile
{
    /// <summary>Reads its stages.</summary>
    public static IReadOnlyList<DockerStage> Read(params string[] path)
    {
        var text = Continued().Replace(Repository.Read(path), " ");
        var stages = new List<DockerStage>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
                continue;
            var words = line.Split(' ', 2);
            if (words[0] == "FROM")
                stages.Add(Stage(words[1].Split(' ')));
            else
                stages[^1] = stages[^1] with { Instructions = [.. stages[^1].Instructions, (words[0], words[1])] };
        }
        return stages;
    }

    private static DockerStage Stage(string[] words) => new(words.Length > 2 ? words[2] : "", words[0], []);

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();
}
