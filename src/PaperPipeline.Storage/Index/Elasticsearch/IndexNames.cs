namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>The names of aliases, indices and templates of one store.</summary>
internal sealed class IndexNames(string prefix)
{
    /// <summary>Version of the mappings; an index of a newer one is refused.</summary>
    public const int SchemaVersion = 4;

    /// <summary>Alias for reading: papers alone, without what merely leads to them.</summary>
    public string Read { get; } = prefix + "papers";

    /// <summary>Alias for writing, and for reading by id.</summary>
    public string Write { get; } = prefix + "papers-write";

    /// <summary>Alias of the ledger.</summary>
    public string Ledger { get; } = prefix + "papers-ledger";

    /// <summary>Alias of the dead letters.</summary>
    public string DeadLetters { get; } = prefix + "papers-dead-letters";

    /// <summary>An index, by the version of its mappings.</summary>
    public static string Versioned(string name) => $"{name}-v{SchemaVersion:0000}";
}
