namespace PaperPipeline.IntegrationTests.Storage.Contract;

/// <summary>Where our requests differ from the contract on purpose, each with its reason. All others fail the tests.</summary>
internal static class KnownDifferences
{
    private static readonly (string Operation, string Place, string Reason)[] Table = [];

    /// <summary>Whether a fault, which begins with its place, is one of them.</summary>
    public static bool Cover(string operation, string fault) =>
        Table.Any(known =>
            known.Operation == operation && fault.StartsWith(known.Place + ":", StringComparison.Ordinal)
        );
}
