namespace PaperPipeline.IntegrationTests.Storage.Contract;

/// <summary>Where requests differ from the contract on purpose, each with its reason. All others fail the tests.</summary>
internal static class KnownDifferences
{
    private static readonly (string Operation, string Place, string Reason)[] Table =
    [
        (
            "POST /{index}/_search/point_in_time",
            "no such operation",
            "OpenSearch's form of _pit, sent to OpenSearch alone"
        ),
        ("DELETE /_search/point_in_time", "no such operation", "OpenSearch's form of _pit, sent to OpenSearch alone"),
        (
            "PUT /_cluster/settings",
            "no such operation",
            "a test, not the program, lowers a limit of the server; the contract lists only what a program like ours needs"
        ),
        (
            "POST /_cluster/reroute",
            "no such operation",
            "a test, not the program, does what an administrator does after a disk was full"
        ),
        ("POST /{index}/_close", "no such operation", "a test, not the program, does what an administrator may do"),
        ("POST /{index}/_open", "no such operation", "a test, not the program, does what an administrator may do"),
    ];

    /// <summary>Whether a fault is one of them.</summary>
    /// <param name="operation">The operation's name; method and path where there is no such operation.</param>
    /// <param name="fault">What is wrong, beginning with its place.</param>
    public static bool Cover(string operation, string fault) =>
        Table.Any(known =>
            known.Operation == operation
            && (fault == known.Place || fault.StartsWith(known.Place + ":", StringComparison.Ordinal))
        );
}
