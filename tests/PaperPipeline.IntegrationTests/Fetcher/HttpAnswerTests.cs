using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using PaperPipeline.Fetcher;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.Storage.Archive;

namespace PaperPipeline.IntegrationTests.Fetcher;

/// <summary>Answers of a source over the protocol, and what the archive holds afterwards.</summary>
public sealed class HttpAnswerTests
{
    private const long Limit = 100 * 1024;
    private static readonly byte[] Page = Encoding.UTF8.GetBytes(Digests.Page(3));

    [Theory]
    [InlineData("identity")]
    [InlineData("gzip")]
    public async Task An_answer_is_archived_as_it_is_without_its_transfer_coding(string coding)
    {
        await using var harness = await FetchHarness.StartAsync(async http =>
        {
            http.Response.ContentType = "text/plain; charset=utf-8";
            http.Response.Headers.ETag = "\"1\"";
            await SendAsync(http, coding, Page);
        });

        var fetched = await harness.FetchAsync("/page.txt");

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Page)), fetched.Digest);
        Assert.Equal(Page, await harness.BytesAsync(fetched.Digest));
        var record = harness.Archive.Find(fetched.Digest)!.First;
        Assert.Equal(("text/plain", "\"1\"", "url"), (record.MediaType, record.Headers!["etag"], record.Source));
        Assert.Equal(harness.Server.At("/page.txt"), record.Name);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_broken_transfer_coding_is_one_line_and_nothing_is_archived(string coding)
    {
        await using var harness = await FetchHarness.StartAsync(async http =>
        {
            http.Response.Headers.ContentEncoding = coding;
            await http.Response.Body.WriteAsync(Enumerable.Range(1, 2000).Select(n => (byte)(n * 7)).ToArray());
        });

        await harness.FailAsync(harness.Server.At("/page.txt"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_transfer_coding_that_breaks_off_is_one_line_and_nothing_is_archived(string coding)
    {
        await using var harness = await FetchHarness.StartAsync(async http =>
        {
            var whole = Encode(coding, RandomNumberGenerator.GetBytes(50_000));
            http.Response.Headers.ContentEncoding = coding;
            await http.Response.Body.WriteAsync(whole.AsMemory(0, whole.Length / 2));
        });

        await harness.FailAsync(harness.Server.At("/page.txt"));
    }

    [Fact]
    public async Task Beyond_the_limit_the_first_64_KiB_are_kept_and_are_the_digest()
    {
        var body = RandomNumberGenerator.GetBytes(300 * 1024);
        await using var harness = await FetchHarness.StartAsync(
            async http => await http.Response.Body.WriteAsync(body),
            new FetcherOptions { MaxDigestSize = Limit }
        );

        var fetched = await harness.FetchAsync("/large");

        var kept = body.AsSpan(0, DigestArchive.ExcerptSize).ToArray();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(kept)), fetched.Digest);
        Assert.Equal(kept, await harness.BytesAsync(fetched.Digest));
        Assert.Equal(Limit, harness.Archive.Find(fetched.Digest)!.First.ExceededLimit);
    }

    [Fact]
    public async Task A_compressed_answer_without_end_stops_at_the_limit()
    {
        var ended = new TaskCompletionSource();
        await using var harness = await FetchHarness.StartAsync(
            async http =>
            {
                http.Response.Headers.ContentEncoding = "gzip";
                await using var bomb = new GZipStream(http.Response.Body, CompressionLevel.Fastest);
                await RepeatAsync(bomb, new byte[1024 * 1024], http, ended);
            },
            new FetcherOptions { MaxDigestSize = Limit }
        );

        var fetched = await harness.FetchAsync("/bomb");

        Assert.Equal(DigestArchive.ExcerptSize, fetched.Size);
        Assert.Equal(Limit, harness.Archive.Find(fetched.Digest)!.First.ExceededLimit);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_endless_answer_stops_at_the_limit()
    {
        var ended = new TaskCompletionSource();
        await using var harness = await FetchHarness.StartAsync(
            http => RepeatAsync(http.Response.Body, Page, http, ended),
            new FetcherOptions { MaxDigestSize = Limit }
        );

        Assert.Equal(DigestArchive.ExcerptSize, (await harness.FetchAsync("/endless")).Size);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_answer_that_drips_is_given_up_at_the_deadline()
    {
        await using var harness = await FetchHarness.StartAsync(
            async http =>
            {
                using var drip = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
                while (await drip.WaitForNextTickAsync(http.RequestAborted))
                    await http.Response.WriteAsync("x", http.RequestAborted);
            },
            new FetcherOptions { HttpTimeout = TimeSpan.FromSeconds(1) }
        );

        var reason = await harness.FailAsync(harness.Server.At("/drip"));

        Assert.Contains("did not end within 1 s", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_never_begins_is_given_up_at_the_deadline()
    {
        await using var harness = await FetchHarness.StartAsync(
            http => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted),
            new FetcherOptions { HttpTimeout = TimeSpan.FromSeconds(1) }
        );

        var reason = await harness.FailAsync(harness.Server.At("/silent"));

        Assert.Contains("no answer within 1 s", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(204)]
    [InlineData(206)]
    public async Task Any_other_status_is_one_line_and_nothing_is_archived(int status)
    {
        await using var harness = await FetchHarness.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        var reason = await harness.FailAsync(harness.Server.At("/page.txt"));

        Assert.Contains($"it answered {status}", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_cut_before_the_answer_is_one_line_and_nothing_is_archived()
    {
        await using var harness = await FetchHarness.StartAsync(http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });

        await harness.FailAsync(harness.Server.At("/page.txt"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_shorter_than_it_said_is_one_line_and_nothing_is_archived(bool cut)
    {
        await using var harness = await FetchHarness.StartAsync(async http =>
        {
            http.Response.ContentLength = Page.Length + 1;
            await http.Response.Body.WriteAsync(Page);
            await http.Response.Body.FlushAsync();
            if (cut)
                http.Abort();
        });

        var reason = await harness.FailAsync(harness.Server.At("/page.txt"));

        Assert.Contains("broke off", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_listen_is_one_line_and_nothing_is_archived()
    {
        await using var harness = await FetchHarness.StartAsync(_ => Task.CompletedTask);

        var reason = await harness.FailAsync($"http://127.0.0.1:{SourceServer.ClosedPort()}/page.txt");

        Assert.Contains("refused", reason, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("http://")]
    [InlineData("http://[1::2::3]/")]
    [InlineData("https://host:port/")]
    public async Task An_address_that_is_none_is_one_line_and_nothing_is_archived(string address)
    {
        await using var harness = await FetchHarness.StartAsync(_ => Task.CompletedTask);

        Assert.Contains(address, await harness.FailAsync(address), StringComparison.Ordinal);
    }

    private static async Task RepeatAsync(Stream to, byte[] block, HttpContext http, TaskCompletionSource ended)
    {
        try
        {
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await to.WriteAsync(block, http.RequestAborted);
                await to.FlushAsync(http.RequestAborted);
            }
        }
        catch (OperationCanceledException) { }
        ended.TrySetResult();
    }

    private static async Task SendAsync(HttpContext http, string coding, byte[] body)
    {
        if (coding != "identity")
            http.Response.Headers.ContentEncoding = coding;
        await http.Response.Body.WriteAsync(Encode(coding, body));
    }

    private static byte[] Encode(string coding, byte[] body)
    {
        var encoded = new MemoryStream();
        using (Stream encoder = Encoder(coding, encoded))
            encoder.Write(body);
        return encoded.ToArray();
    }

    private static Stream Encoder(string coding, Stream to) =>
        coding switch
        {
            "gzip" => new GZipStream(to, CompressionLevel.Optimal),
            "br" => new BrotliStream(to, CompressionLevel.Optimal),
            "deflate" => new ZLibStream(to, CompressionLevel.Optimal),
            _ => new BufferedStream(to),
        };
}
