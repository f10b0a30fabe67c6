using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using PaperPipeline.Fetcher;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Fetcher;

/// <summary>Where a redirect may lead.</summary>
public sealed class RedirectTests
{
    [Fact]
    public async Task A_redirect_is_followed_and_the_last_address_is_the_name()
    {
        await using var harness = await FetchHarness.StartAsync(async http =>
        {
            if (http.Request.Path == "/old")
                http.Response.Redirect("/new?page=2");
            else
                await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Digests.Page(1)));
        });

        var fetched = await harness.FetchAsync("/old");

        Assert.Equal(harness.Server.At("/new?page=2"), fetched.Name);
    }

    [Fact]
    public async Task A_redirect_that_never_ends_is_refused()
    {
        var asked = 0;
        await using var harness = await FetchHarness.StartAsync(
            http =>
            {
                http.Response.Redirect($"/again/{Interlocked.Increment(ref asked)}");
                return Task.CompletedTask;
            },
            new FetcherOptions { MaxRedirects = 3 }
        );

        var reason = await harness.FailAsync(harness.Server.At("/again"));

        Assert.Contains("more than 3 redirects", reason, StringComparison.Ordinal);
        Assert.Equal(4, asked);
    }

    [Theory]
    [InlineData("http://127.0.0.2/")]
    [InlineData("http://localhost/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://172.20.0.1/")]
    [InlineData("http://192.168.1.1/")]
    [InlineData("http://100.64.0.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fd00::1]/")]
    public async Task A_redirect_to_an_address_that_is_not_public_is_refused(string location)
    {
        await using var harness = await RedirectTo(location);

        var reason = await harness.FailAsync(harness.Server.At("/page.txt"));

        Assert.Contains("no public address", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_to_another_port_of_the_same_host_is_another_server()
    {
        var asked = 0;
        await using var inner = await SourceServer.StartAsync(http =>
        {
            Interlocked.Increment(ref asked);
            return http.Response.WriteAsync("inner");
        });
        await using var harness = await RedirectTo(inner.At("/secret"));

        var reason = await harness.FailAsync(harness.Server.At("/page.txt"));

        Assert.Contains("no public address", reason, StringComparison.Ordinal);
        Assert.Equal(0, asked);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.org/x")]
    [InlineData("data:text/plain,x")]
    [InlineData("javascript:x")]
    public async Task A_redirect_out_of_http_is_refused(string location)
    {
        await using var harness = await RedirectTo(location);

        var reason = await harness.FailAsync(harness.Server.At("/page.txt"));

        Assert.Contains("left http(s)", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://[1::2::3]/")]
    [InlineData("http://host:port/")]
    public async Task A_redirect_to_no_address_is_one_line(string location)
    {
        await using var harness = await RedirectTo(location);

        await harness.FailAsync(harness.Server.At("/page.txt"));
    }

    [Theory]
    [InlineData("http://user:secret@127.0.0.2/")]
    [InlineData("ftp://user:secret@example.org/")]
    public async Task Credentials_in_a_redirect_are_not_shown(string location)
    {
        await using var harness = await RedirectTo(location);

        Assert.DoesNotContain(
            "secret",
            await harness.FailAsync(harness.Server.At("/page.txt")),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("64:ff9b::127.0.0.1", false)]
    [InlineData("64:ff9b::8.8.8.8", true)]
    [InlineData("2002:7f00:1::1", false)]
    [InlineData("2002:808:808::1", false)]
    [InlineData("2001:db8::1", false)]
    public void An_address_is_public_only_when_no_inner_one_hides_in_it(string address, bool expected) =>
        Assert.Equal(expected, HttpSource.IsPublic(IPAddress.Parse(address)));

    private static Task<FetchHarness> RedirectTo(string location) =>
        FetchHarness.StartAsync(http =>
        {
            http.Response.StatusCode = StatusCodes.Status302Found;
            http.Response.Headers.Location = location;
            return Task.CompletedTask;
        });
}
