using System.CommandLine;
using PaperPipeline.ServiceDefaults.Settings;

namespace PaperPipeline.Cli;

/// <summary>Options that every command takes.</summary>
internal static class GlobalOptions
{
    private static readonly Option<string> DataDir = Setting(
        "--data-dir",
        "Data directory (PAPERPIPELINE_DATA_DIR; default: data)"
    );
    private static readonly Option<string> Bus = Setting(
        "--bus",
        "memory or amqp(s)://… (PAPERPIPELINE_BUS; default: memory)"
    );
    private static readonly Option<string> Index = Setting(
        "--index",
        "sqlite or http(s)://… (PAPERPIPELINE_INDEX; default: sqlite)"
    );
    private static readonly Option<string> Archive = Setting(
        "--archive",
        "Raw archive (PAPERPIPELINE_ARCHIVE; default: archive in the data directory)"
    );
    private static readonly Option<string> Drop = Setting(
        "--drop",
        "Watched folder (PAPERPIPELINE_DROP; default: drop in the data directory)"
    );

    /// <summary>JSON lines instead of text.</summary>
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "JSON lines on standard output, one object for each item",
        Recursive = true,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All => [DataDir, Bus, Index, Archive, Drop, Json];

    /// <summary>Reads the settings of this invocation.</summary>
    public static PipelineSettings Settings(ParseResult parsed) =>
        PipelineSettings.Read(name => Given(parsed, name) ?? Variable(name));

    /// <summary>A setting that no option gives.</summary>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable("PAPERPIPELINE_" + name);

    private static string? Given(ParseResult parsed, string name) =>
        name switch
        {
            "DATA_DIR" => parsed.GetValue(DataDir),
            "BUS" => parsed.GetValue(Bus),
            "INDEX" => parsed.GetValue(Index),
            "ARCHIVE" => parsed.GetValue(Archive),
            "DROP" => parsed.GetValue(Drop),
            _ => null,
        };

    private static Option<string> Setting(string name, string description) =>
        new(name) { Description = description, Recursive = true };
}
