using System.Text.Json.Nodes;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>Makes templates, indices and aliases, once, and refuses what is not ours or newer than we are.</summary>
internal sealed class IndexSetup(ElasticsearchTransport transport, IndexNames names, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly IndexReading reading = new(transport.Name);

    /// <summary>Looks at server and indices; makes what is missing when it is to be written.</summary>
    /// <returns>False when there is nothing to read yet.</returns>
    public async Task<bool> OpenAsync(bool write, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await GreetAsync(cancellationToken);
                if (!write)
                    return await IsReadableAsync(cancellationToken);
                await MendAsync(cancellationToken);
                return true;
            }
            // A server that is overloaded or starting says so; it gets as long as one that does not answer.
            catch (StoreUnavailableException busy) when (busy.Answered && clock.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    /// <summary>Sees to it that the aliases lead to complete indices of ours, as they did at the start.</summary>
    /// <returns>True when something had to be made again.</returns>
    /// <exception cref="StoreUnavailableException">They lead to something else, or cannot be made.</exception>
    public async Task<bool> RestoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await MendAsync(cancellationToken);
        }
        catch (StoreRefusedException refused)
        {
            throw new StoreUnavailableException(refused.Message, refused) { MayPass = true };
        }
    }

    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        using var answer = await AskAsync();
        if (answer.Status is 401 or 403)
            throw new StoreRefusedException(
                $"The index {transport.Name} refuses user, password or key ({answer.Status}). Check PAPERPIPELINE_INDEX_*."
            );
        transport.Product = reading.RequireProduct(answer.Require("requests").Body);

        async Task<ElasticsearchAnswer> AskAsync()
        {
            try
            {
                return await transport.GreetAsync(Patience, cancellationToken);
            }
            catch (StoreUnavailableException unavailable) when (unavailable.Untrusted)
            {
                throw new StoreRefusedException(unavailable.Message, unavailable);
            }
        }
    }

    // Each index is looked at: one of another version is refused whatever is asked of the others.
    private async Task<bool> IsReadableAsync(CancellationToken cancellationToken)
    {
        var (found, missing) = (false, "");
        foreach (var index in IndexSchema.Indices(names, transport.IsOpenSearch))
            if (await FindAsync(index, cancellationToken) == IndexState.Missing)
                missing = index.Name;
            else
                found = true;
        // A writer may be making them just now.
        if (found && missing.Length > 0)
            throw new StoreUnavailableException(
                $"{missing} at {transport.Name} is missing: run `paperpipeline ingest`, which makes it again."
            )
            {
                MayPass = true,
                Answered = true,
            };
        return found;
    }

    private async Task<bool> MendAsync(CancellationToken cancellationToken)
    {
        var mended = false;
        foreach (var index in IndexSchema.Indices(names, transport.IsOpenSearch))
        {
            var state = await FindAsync(index, cancellationToken);
            if (state == IndexState.Missing)
                state = await MakeAsync(index, cancellationToken);
            else if (state == IndexState.Current)
                continue;
            if (state == IndexState.Incomplete)
                await CompleteAsync(index, cancellationToken);
            mended = true;
        }
        return mended;
    }

    private async Task<IndexState> FindAsync(IndexDefinition index, CancellationToken cancellationToken)
    {
        var aliases = index.Name == index.Alias ? index.Name : $"{index.Alias},{index.Name}";
        using var answer = await transport.SendAsync(HttpMethod.Get, aliases + "/_mapping", cancellationToken);
        if (answer.Status != 404)
            return answer.Require("questions about its indices").Read(mappings => reading.StateOf(index, mappings));
        if (index.Name != index.Alias)
            foreach (var alias in (string[])[index.Alias, index.Name])
                await RequireFreeAsync(alias, cancellationToken);
        return IndexState.Missing;
    }

    private async Task RequireFreeAsync(string name, CancellationToken cancellationToken)
    {
        using var answer = await transport.SendAsync(HttpMethod.Get, name + "/_mapping", cancellationToken);
        if (answer.Status != 404)
            answer.Require("questions about its indices").Read(reading.AreOurs);
    }

    // Every step may have been done before, by a process that was killed or by one that starts at the same time.
    private async Task<IndexState> MakeAsync(IndexDefinition index, CancellationToken cancellationToken)
    {
        var name = IndexNames.Versioned(index.Name);
        await RequireFreeAsync(name, cancellationToken);
        await MakeTemplateAsync(index, cancellationToken);
        await PutAsync(HttpMethod.Put, name, null, cancellationToken);
        await PutAsync(HttpMethod.Post, "_aliases", IndexSchema.Aliases(index), cancellationToken);
        var made = await FindAsync(index, cancellationToken);
        return made != IndexState.Missing
            ? made
            : throw new StoreRefusedException($"{index.Alias} at {transport.Name} could not be made: look at its log.");
    }

    // Members that were added since it was made; what is there stays as it is.
    private async Task CompleteAsync(IndexDefinition index, CancellationToken cancellationToken)
    {
        await MakeTemplateAsync(index, cancellationToken);
        var path = index.Alias + "/_mapping";
        using var answer = await transport.SendAsync(HttpMethod.Get, path, cancellationToken);
        var found = answer
            .Require("questions about its indices")
            .Read(mappings =>
                JsonObject.Create(
                    mappings.EnumerateObject().Single().Value.GetProperty("mappings").GetProperty("properties").Clone()
                )
            );
        await PutAsync(HttpMethod.Put, path, IndexSchema.Mappings(index, found), cancellationToken);
    }

    private async Task MakeTemplateAsync(IndexDefinition index, CancellationToken cancellationToken)
    {
        var path = "_index_template/" + index.Name;
        using (var answer = await transport.SendAsync(HttpMethod.Get, path, cancellationToken))
            if (
                answer.Status != 404
                && answer
                    .Require("questions about its templates")
                    .Read(templates => reading.StateOfTemplate(index, templates)) == IndexState.Current
            )
                return;
        await PutAsync(HttpMethod.Put, path, IndexSchema.Template(index), cancellationToken);
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
}
