using System.Collections.Concurrent;
using System.Text.Json;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>Single documents, read and changed by compare-and-swap.</summary>
internal sealed class AccountDocuments(ElasticsearchTransport transport, BulkSender bulk)
{
    private const int Attempts = 50;
    private const int Remembered = 10_000;

    // What this process wrote last, so that its next change need not read it: if somebody else wrote since, the
    // condition fails and it is read.
    private readonly ConcurrentDictionary<string, (byte[] Source, DocumentVersion Version)> written = new(
        StringComparer.Ordinal
    );

    private readonly ConcurrentDictionary<string, GroupedWrites> writes = new(StringComparer.Ordinal);

    /// <summary>A document with its version; null when there is none.</summary>
    public async Task<(JsonElement Source, DocumentVersion Version)?> ReadAsync(
        string alias,
        string id,
        CancellationToken cancellationToken
    )
    {
        using var answer = await transport.SendAsync(HttpMethod.Get, Path(alias, id), cancellationToken);
        // A missing document says found: false; a missing index is an error.
        if (answer.Status == 404 && answer.Error.Type.Length == 0)
            return null;
        return answer
            .Require("reads")
            .Read(body => (body.GetProperty("_source").Clone(), PaperRecord.VersionOf(body)!.Value));
    }

    /// <summary>Changes a document until nobody else did so meanwhile.</summary>
    /// <param name="alias">Where it is.</param>
    /// <param name="id">Which it is.</param>
    /// <param name="change">Gives the new document for the known one, which is null at first; null to leave it.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    public async Task ChangeAsync(
        string alias,
        string id,
        Func<JsonElement?, byte[]?> change,
        CancellationToken cancellationToken
    )
    {
        var known = Remember(alias, id);
        var isRead = false;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (change(known?.Source) is not { } source)
            {
                if (isRead)
                    return;
                // Nothing to change is certain only of what is there, not of what was written once or is not remembered.
                (known, isRead) = (await ReadAsync(alias, id, cancellationToken), true);
                continue;
            }
            if (await TryWriteAsync(alias, id, known?.Version, source, cancellationToken))
                return;
            (known, isRead) = (await ReadAsync(alias, id, cancellationToken), true);
        }
        throw ElasticsearchAnswer.Trouble(409, new("", "others write the same account at the same time"), "accounts");
    }

    /// <summary>Writes a document; false when it is not as it was known.</summary>
    /// <param name="alias">Where it is.</param>
    /// <param name="id">Which it is.</param>
    /// <param name="known">The version that it must still have; null creates it.</param>
    /// <param name="source">Its content.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<bool> TryWriteAsync(
        string alias,
        string id,
        DocumentVersion? known,
        byte[] source,
        CancellationToken cancellationToken
    )
    {
        var result = await writes
            .GetOrAdd(alias, name => new GroupedWrites(bulk, name))
            .WriteAsync(id, known, source, cancellationToken);
        if (result.Fate == BulkFate.Refused)
            throw ElasticsearchAnswer.Trouble(result.Status, result.Error, "accounts");
        if (result.Fate != BulkFate.Done)
            return false;
        if (written.Count > Remembered)
            written.Clear();
        written[alias + "/" + id] = (source, result.Version);
        return true;
    }

    private (JsonElement Source, DocumentVersion Version)? Remember(string alias, string id)
    {
        if (!written.TryGetValue(alias + "/" + id, out var last))
            return null;
        using var document = JsonDocument.Parse(last.Source);
        return (document.RootElement.Clone(), last.Version);
    }

    private static string Path(string alias, string id) => $"{alias}/_doc/{Uri.EscapeDataString(id)}";
}
