using System.Collections.Concurrent;

namespace PaperPipeline.IntegrationTests.Storage.Contract;

/// <summary>Requests that no contract knows and that are sent on purpose, each with its reason. All others fail the tests.</summary>
internal static class KnownDifferences
{
    private static readonly Dictionary<string, string> Table = new(StringComparer.Ordinal)
    {
        ["PUT /_cluster/settings"] = "a test, not the program, lowers a limit of the server",
        ["POST /_cluster/reroute"] = "a test, not the program, does what a person does after a disk was full",
        ["POST /{index}/_close"] = "a test, not the program, does what a person may do",
        ["POST /{index}/_open"] = "a test, not the program, does what a person may do",
    };

    private static readonly ConcurrentDictionary<string, bool> Seen = new(StringComparer.Ordinal);

    /// <summary>Those that nothing was sent for in this run.</summary>
    public static IEnumerable<string> Unused => Table.Keys.Where(outline => !Seen.ContainsKey(outline));

    /// <summary>Whether a request is one of them.</summary>
    /// <param name="outline">Method and path, whatever the index.</param>
    public static bool Cover(string outline) => Table.ContainsKey(outline) && (Seen[outline] = true);
}
