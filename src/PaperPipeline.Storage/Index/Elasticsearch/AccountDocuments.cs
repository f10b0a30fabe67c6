using System.Globalization;
using System.Text.Json;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>Single documents, read and changed by compare-and-swap.</summary>
internal sealed class AccountDocuments(ElasticsearchTransport transport)
{
    private const int Attempts = 50;

    /// <summary>A document with its version; null when there is none.</summary>
    public async Task<(JsonElement Source, DocumentVersion Version)?> ReadAsync(
        string alias,
        string id,
        CancellationToken cancellationToken
    )
    {
        using var answer = await transport.SendAsync(HttpMethod.Get, Path(alias, "_doc", id), cancellationToken);
        // A missing document says found: false; a missing index is an error.
        if (answer.Status == 404 && answer.ErrorType.Length == 0)
            return null;
        var body = answer.Require("reads").Body;
        return (body.GetProperty("_source").Clone(), PaperRecord.VersionOf(body)!.Value);
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
        (JsonElement Source, DocumentVersion Version)? known = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (change(known?.Source) is not { } source)
                return;
            var path = known is { } there
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Path(alias, "_doc", id)}?require_alias=true&if_seq_no={there.Version.SeqNo}&if_primary_term={there.Version.PrimaryTerm}"
                )
                : Path(alias, "_create", id) + "?require_alias=true";
            using var answer = await transport.SendAsync(
                HttpMethod.Put,
                path,
                source,
                "application/json",
                cancellationToken
            );
            if (answer.Status != 409)
            {
                answer.Require("accounts");
                return;
            }
            known = await ReadAsync(alias, id, cancellationToken);
        }
        throw ElasticsearchAnswer.Trouble(409, "", "others write the same account at the same time", "accounts");
    }

    /// <summary>Deletes a document, if it is there.</summary>
    public async Task DeleteAsync(string alias, string id, CancellationToken cancellationToken)
    {
        using var answer = await transport.SendAsync(HttpMethod.Delete, Path(alias, "_doc", id), cancellationToken);
        if (answer.Status != 404 || answer.ErrorType.Length > 0)
            answer.Require("accounts");
    }

    private static string Path(string alias, string kind, string id) => $"{alias}/{kind}/{Uri.EscapeDataString(id)}";
}
