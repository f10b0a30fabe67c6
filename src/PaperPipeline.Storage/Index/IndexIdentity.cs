namespace PaperPipeline.Storage.Index;

/// <summary>What keeps the index, as spans name it.</summary>
/// <param name="System"><c>elasticsearch</c>, <c>opensearch</c> or <c>sqlite</c>.</param>
/// <param name="Address">Host name or address of the server; null where there is none.</param>
/// <param name="Port">Its port; null where there is no server.</param>
public sealed record IndexIdentity(string System, string? Address = null, int? Port = null)
{
    /// <summary>A file of SQLite's.</summary>
    public static IndexIdentity Sqlite { get; } = new("sqlite");

    /// <summary>A server, by its address; what it is shows when it answers.</summary>
    public static IndexIdentity Server(Uri node, string product = "elasticsearch") =>
        new(product, node.Host, node.Port);
}
