using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace PaperPipeline.IntegrationTests.Storage.Contract;

/// <summary>
/// Looks at requests as a server gets them, from whatever process they come, and keeps what no version of Elasticsearch
/// would take.
/// </summary>
internal sealed class ContractWatch
{
    private readonly ConcurrentQueue<string> _faults = new();
    private int _seen;

    /// <summary>How many requests were looked at.</summary>
    public int Seen => _seen;

    /// <summary>Keeps what is wrong with something else that the tests rest on.</summary>
    public void Note(string fault) => _faults.Enqueue(fault);

    public void Look(HttpRequest request, byte[] body)
    {
        Interlocked.Increment(ref _seen);
        var sent = new ApiRequest(
            request.Method,
            new Uri($"http://localhost{request.Path.ToUriComponent()}{request.QueryString}"),
            request.ContentType is { } type ? MediaTypeHeaderValue.Parse(type).MediaType : null,
            Unpack(request, body)
        );
        foreach (var fault in ApiContract.All.SelectMany(contract => contract.Faults(sent)))
            _faults.Enqueue($"{sent.Method} {sent.Address.PathAndQuery}: {fault}");
    }

    /// <summary>Takes out the faults that a text is part of; the empty text is part of all.</summary>
    public IReadOnlyList<string> Take(string text)
    {
        var taken = new List<string>();
        for (var left = _faults.Count; left > 0 && _faults.TryDequeue(out var fault); left--)
            if (fault.Contains(text, StringComparison.Ordinal))
                taken.Add(fault);
            else
                _faults.Enqueue(fault);
        return taken;
    }

    /// <summary>Fails the test where a request that a text is part of was not as the contract has it.</summary>
    public void Require(string text)
    {
        var faults = Take(text);
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(10)));
    }

    /// <summary>The content of a request that may be packed.</summary>
    public static byte[] Unpack(HttpRequest request, byte[] body)
    {
        if (request.Headers.ContentEncoding != "gzip")
            return body;
        using var plain = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
