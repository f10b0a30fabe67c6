using System.Text.Json;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>
/// Sends bulks in requests of bounded size, at most a few at a time. What the server puts off is sent again with
/// back-off; what it goes on putting off is trouble of the index.
/// </summary>
internal sealed class BulkSender(ElasticsearchTransport transport, ElasticsearchOptions options, TimeProvider clock)
{
    private const int Attempts = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly RequestLimit limit = new();
    private readonly RequestSize size = new(options.MaxBulkBytes);

    private long uncertainties;

    /// <summary>How often it was not known, so far, whether something was written.</summary>
    public long Uncertainties => Interlocked.Read(ref uncertainties);

    /// <summary>Whether something was written is not known.</summary>
    public void Doubt() => Interlocked.Increment(ref uncertainties);

    /// <summary>What answers, as spans name it.</summary>
    public IndexIdentity Identity => transport.Identity;

    /// <summary>Sends all operations and gives each one's fate: done, conflict or refused.</summary>
    /// <exception cref="StoreUnavailableException">Some could not be sent; which of them were written is not known.</exception>
    public async Task<BulkResult[]> SendAsync(string alias, BulkBody body, CancellationToken cancellationToken)
    {
        var results = new BulkResult[body.Operations.Count];
        List<int> open = [.. Enumerable.Range(0, results.Length)];
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                foreach (var request in Split(body, open))
                    await AskAsync(alias, body, request, results, cancellationToken);
            }
            catch
            {
                Doubt();
                throw;
            }
            open = [.. open.Where(n => results[n].Fate is BulkFate.Later or BulkFate.Stop)];
            if (open.Count == 0)
                return results;
            // What was too large or too much was not written.
            if (open.Exists(n => results[n].Status is not (413 or 429)))
                Doubt();
            var worst = open.Select(n => results[n]).FirstOrDefault(r => r.Fate == BulkFate.Stop, results[open[0]]);
            if (worst.Fate == BulkFate.Stop || (attempt >= Attempts && !Settle(body, open, results)))
                throw worst.Trouble();
            if (attempt >= Attempts)
                return results;
            BulkSpans.Again(worst);
            // What was too large is smaller now, and need not wait.
            if (open.TrueForAll(n => results[n].Status == 413))
                attempt--;
            else
                await PauseAsync(attempt, cancellationToken);
        }
    }

    // A document that alone exceeds all the memory that the server has will never pass: true when each is such a one.
    private static bool Settle(BulkBody body, List<int> open, BulkResult[] results)
    {
        foreach (var number in open.Where(n => results[n].Error.MemoryLimit < body.Operations[n].Length))
            results[number] = results[number] with { Fate = BulkFate.Refused };
        return open.TrueForAll(n => results[n].Fate == BulkFate.Refused);
    }

    /// <summary>
    /// Asks, once, for a document that is not there, in the way of a write: whoever may not write, or only reads, is told
    /// nothing.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Writes are not taken now.</exception>
    public static async Task RequireWritableAsync(
        ElasticsearchTransport transport,
        string alias,
        CancellationToken cancellationToken
    )
    {
        using var body = new BulkBody();
        body.AddQuestion(NoDocument, null);
        var bytes = body.Bytes(body.Operations[0], body.Operations[0]);
        using var answer = await transport.SendBulkAsync(alias, bytes, 1, cancellationToken);
        var results = new BulkResult[1];
        if (answer.Succeeded)
            Read(answer.Body, body, [0], results);
        else
            results[0] = Whole(answer);
        if (results[0] is { Fate: BulkFate.Later or BulkFate.Stop, Error.Type: not "security_exception" } refused)
            throw refused.Trouble();
    }

    private const string NoDocument = "paperpipeline:no-document";

    // Operations that lie side by side in the body go in one request, up to the greatest size.
    private List<(int First, int Last, List<int> Numbers)> Split(BulkBody body, List<int> open)
    {
        var requests = new List<(int First, int Last, List<int> Numbers)>();
        var (bytes, greatest) = (0, size.Greatest);
        foreach (var number in open)
        {
            var length = body.Operations[number].Length;
            if (requests is [.., var last] && last.Last == number - 1 && bytes + length <= greatest)
            {
                last.Numbers.Add(number);
                requests[^1] = last with { Last = number };
                bytes += length;
            }
            else
            {
                requests.Add((number, number, [number]));
                bytes = length;
            }
        }
        return requests;
    }

    private async Task AskAsync(
        string alias,
        BulkBody body,
        (int First, int Last, List<int> Numbers) request,
        BulkResult[] results,
        CancellationToken cancellationToken
    )
    {
        var (first, last) = (body.Operations[request.First], body.Operations[request.Last]);
        var bytes = body.Bytes(first, last);
        using var turn = await limit.EnterAsync(cancellationToken);
        using var answer = await SendAsync(alias, bytes, request.Numbers.Count, cancellationToken);
        if (!answer.Succeeded)
        {
            body.TurnedAway();
            var whole = Whole(answer);
            if (answer.Status == 413)
                size.TooLarge(bytes.Length);
            if (answer.Status == 429)
                PutOff(bytes.Length);
            // Too large for one request is no fault of a document, unless it is alone.
            var fate = answer.Status == 413 && request.Numbers.Count > 1 ? BulkFate.Later : whole.Fate;
            foreach (var number in request.Numbers)
                results[number] = whole with { Fate = fate };
            return;
        }
        body.Taken(bytes.Length);
        Read(answer.Body, body, request.Numbers, results);
        if (request.Numbers.Any(n => results[n].Status == 429))
        {
            PutOff(bytes.Length);
        }
        else
        {
            limit.Grow();
            size.Taken();
        }
    }

    private async Task<ElasticsearchAnswer> SendAsync(
        string alias,
        ReadOnlyMemory<byte> bytes,
        int operations,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await transport.SendBulkAsync(alias, bytes, operations, cancellationToken);
        }
        catch (StoreUnavailableException broken) when (broken.BrokenOff)
        {
            size.BrokenOff(bytes.Length);
            throw;
        }
    }

    private void PutOff(int bytes)
    {
        limit.Shrink();
        size.Overloaded(bytes);
    }

    // 400 of a whole request is a fault of ours or of the alias, not of one document.
    private static BulkResult Whole(ElasticsearchAnswer answer)
    {
        var error = answer.Error;
        var fate = answer.Status == 400 ? BulkFate.Stop : BulkResult.Classify(answer.Status, error.Type);
        return new(fate, default, answer.Status, error);
    }

    // Where the answer does not say what became of each operation, that is unknown; conditions make sending them again
    // harmless.
    private static void Read(JsonElement answer, BulkBody body, List<int> numbers, BulkResult[] results)
    {
        try
        {
            var items = answer.GetProperty("items");
            if (items.GetArrayLength() != numbers.Count)
                throw new FormatException("the answer has another number of items than the request");
            foreach (var (number, item) in numbers.Zip(items.EnumerateArray()))
                results[number] = BulkResult.Of(item, body.Operations[number].Id);
        }
        catch (Exception odd) when (ElasticsearchAnswer.IsOdd(odd))
        {
            foreach (var number in numbers)
                results[number] = new(BulkFate.Later, Error: new("", $"its answer cannot be read: {odd.Message}"));
        }
    }

    private Task PauseAsync(int attempt, CancellationToken cancellationToken)
    {
        var pause = FirstPause * Math.Pow(2, attempt - 1);
        return Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), clock, cancellationToken);
    }
}
