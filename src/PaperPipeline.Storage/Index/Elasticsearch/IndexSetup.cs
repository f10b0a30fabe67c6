using System.Text.Json;
using System.Text.Json.Nodes;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>Makes templates, indices and aliases, once, and refuses what is not ours or newer than we are.</summary>
internal sealed class IndexSetup(ElasticsearchTransport transport, IndexNames names, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Looks at server and indices; makes what is missing when it is to be written.</summary>
    /// <returns>False when there is nothing to read yet.</returns>
    public async Task<bool> OpenAsync(bool write, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await LookAsync(write, cancellationToken);
            }
            // A server that is overloaded or starting says so; it gets as long as one that does not answer.
            catch (StoreUnavailableException busy) when (busy.Answered && clock.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    private async Task<bool> LookAsync(bool write, CancellationToken cancellationToken)
    {
        await GreetAsync(cancellationToken);
        var complete = true;
        foreach (var index in IndexSchema.Indices(names))
        {
            var state = await FindAsync(index, cancellationToken);
            complete &= state != IndexState.Missing;
            if (write && state == IndexState.Missing)
                await MakeAsync(index, cancellationToken);
            else if (write && state == IndexState.Differing)
                await CompleteAsync(index, cancellationToken);
        }
        return write || complete;
    }

    /// <summary>Proves that the aliases still lead to indices of ours: then a refused document is at fault itself.</summary>
    /// <exception cref="StoreUnavailableException">They do not.</exception>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var index in IndexSchema.Indices(names))
                if (await FindAsync(index, cancellationToken) == IndexState.Missing)
                    await MakeAsync(index, cancellationToken);
        }
        catch (StoreRefusedException refused)
        {
            throw new StoreUnavailableException(refused.Message, refused) { MayPass = true };
        }
    }

    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        using var answer = await transport.GreetAsync(Patience, cancellationToken);
        if (answer.Status is 401 or 403)
            throw new StoreRefusedException(
                $"The index {transport.Name} refuses user, password or key ({answer.Status}). Check PAPERPIPELINE_INDEX_*."
            );
        RequireProduct(answer.Require("requests").Body);
    }

    // Where products differ, they are told apart here: OpenSearch names its distribution, Elasticsearch has none.
    private void RequireProduct(JsonElement body)
    {
        if (
            body.ValueKind != JsonValueKind.Object
            || !body.TryGetProperty("version", out var version)
            || version.ValueKind != JsonValueKind.Object
            || !version.TryGetProperty("number", out var number)
        )
            throw new StoreRefusedException(
                $"What answers at {transport.Name} is neither Elasticsearch nor OpenSearch: check --index."
            );
        var openSearch =
            version.TryGetProperty("distribution", out var distribution) && distribution.ValueEquals("opensearch");
        transport.Product = openSearch ? "opensearch" : "elasticsearch";
        var text = number.GetString() ?? "";
        // An OpenSearch that poses as 7.10.2 for old clients is a 2.x.
        if (
            !openSearch
            && int.TryParse(text.Split('.')[0], System.Globalization.CultureInfo.InvariantCulture, out var major)
            && major < 8
        )
            throw new StoreRefusedException(
                $"Elasticsearch {text} at {transport.Name} is too old: 8.19 or newer, or OpenSearch 2.19 or newer is needed."
            );
    }

    private async Task<IndexState> FindAsync(IndexDefinition index, CancellationToken cancellationToken)
    {
        using var answer = await transport.SendAsync(HttpMethod.Get, index.Alias + "/_mapping", cancellationToken);
        if (answer.Status == 404)
        {
            if (index.Name != index.Alias)
                await RequireFreeAsync(index.Name, cancellationToken);
            return IndexState.Missing;
        }
        return answer.Require("questions about its indices").Read(body => StateOf(index, body));
    }

    private IndexState StateOf(IndexDefinition index, JsonElement answer)
    {
        var found = answer.EnumerateObject().ToList();
        if (found.Count != 1 || found[0].Name == index.Alias)
            throw new StoreRefusedException(
                $"{index.Alias} at {transport.Name} is not one alias for one index: it belongs to something else. Choose another PAPERPIPELINE_INDEX_PREFIX."
            );
        var mappings = found[0].Value.GetProperty("mappings");
        RequireOurs(found[0].Name, mappings);
        return IsCurrent(mappings, index) ? IndexState.Current : IndexState.Differing;
    }

    private static bool IsCurrent(JsonElement holder, IndexDefinition index) =>
        holder.GetProperty("_meta").TryGetProperty("hash", out var hash)
        && hash.ValueEquals(IndexSchema.Meta(index.Members)["hash"]!.GetValue<string>());

    private void RequireOurs(string name, JsonElement holder)
    {
        if (
            !holder.TryGetProperty("_meta", out var meta)
            || !meta.TryGetProperty("application", out var application)
            || !application.ValueEquals("paperpipeline")
        )
            throw new StoreRefusedException(
                $"{name} at {transport.Name} belongs to another application: choose another PAPERPIPELINE_INDEX_PREFIX."
            );
        if (meta.GetProperty("schema").GetInt32() > IndexNames.SchemaVersion)
            throw new StoreRefusedException(
                $"{name} at {transport.Name} was written by a newer version of PaperPipeline (schema {meta.GetProperty("schema")}, known is {IndexNames.SchemaVersion}): upgrade."
            );
    }

    private async Task RequireFreeAsync(string name, CancellationToken cancellationToken)
    {
        using var answer = await transport.SendAsync(HttpMethod.Get, name + "/_mapping", cancellationToken);
        if (answer.Status == 404)
            return;
        answer
            .Require("questions about its indices")
            .Read(body =>
            {
                foreach (var index in body.EnumerateObject())
                    RequireOurs(index.Name, index.Value.GetProperty("mappings"));
                return true;
            });
    }

    // Every step may have been done before, by a process that was killed or by one that starts at the same time.
    private async Task MakeAsync(IndexDefinition index, CancellationToken cancellationToken)
    {
        await MakeTemplateAsync(index, cancellationToken);
        await PutAsync(HttpMethod.Put, IndexNames.Versioned(index.Name), null, cancellationToken);
        await PutAsync(HttpMethod.Post, "_aliases", IndexSchema.Aliases(index), cancellationToken);
        if (await FindAsync(index, cancellationToken) == IndexState.Missing)
            throw new StoreRefusedException($"{index.Alias} at {transport.Name} could not be made: look at its log.");
    }

    // Members that were added since it was made; what is there stays as it is.
    private async Task CompleteAsync(IndexDefinition index, CancellationToken cancellationToken)
    {
        await MakeTemplateAsync(index, cancellationToken);
        await PutAsync(HttpMethod.Put, index.Alias + "/_mapping", IndexSchema.Mappings(index), cancellationToken);
    }

    private async Task MakeTemplateAsync(IndexDefinition index, CancellationToken cancellationToken)
    {
        if (!await IsTemplateCurrentAsync(index, cancellationToken))
            await PutAsync(
                HttpMethod.Put,
                "_index_template/" + index.Name,
                IndexSchema.Template(index),
                cancellationToken
            );
    }

    private async Task<bool> IsTemplateCurrentAsync(IndexDefinition index, CancellationToken cancellationToken)
    {
        using var answer = await transport.SendAsync(
            HttpMethod.Get,
            "_index_template/" + index.Name,
            cancellationToken
        );
        if (answer.Status == 404)
            return false;
        return answer
            .Require("questions about its templates")
            .Read(body =>
            {
                var template = body.GetProperty("index_templates")[0].GetProperty("index_template");
                RequireOurs("the index template " + index.Name, template);
                return IsCurrent(template, index);
            });
    }

    private async Task PutAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var answer = await transport.SendAsync(
            method,
            path,
            body is null ? default : PaperJson.Bytes(body),
            "application/json",
            cancellationToken
        );
        if (answer.Error.Type == "resource_already_exists_exception")
            return;
        if (answer.Status is 400 or 403)
            throw new StoreRefusedException(
                $"{transport.Name} refuses {path}: {answer.Error.Reason}. See the rights it needs in the documentation."
            );
        answer.Require("new indices");
    }

    private enum IndexState
    {
        Missing,

        /// <summary>Made by another build with other members.</summary>
        Differing,
        Current,
    }
}
