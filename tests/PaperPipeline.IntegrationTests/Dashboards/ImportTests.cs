using System.Text;
using Microsoft.AspNetCore.Http;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Dashboards;

/// <summary><c>dashboards import</c> against what answers as Kibana's documentation says, and against what does not.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_objects_arrive_and_a_second_import_changes_nothing(bool openSearch)
    {
        await using var kibana = await new KibanaStandIn { IsOpenSearch = openSearch }.StartAsync();

        var first = await ImportAsync(kibana.Address, openSearch);
        var objects = kibana.Objects;
        var second = await ImportAsync(kibana.Address + "/", openSearch);

        Assert.Equal((0, ""), (first.Code, first.Error));
        Assert.Equal(
            $"{objects.Count} of {objects.Count} objects imported into {kibana.Address}",
            Assert.Single(first.Lines)
        );
        Assert.Equal(4, objects.Keys.Count(o => o.Type == "dashboard"));
        Assert.Equal((0, first.Out), (second.Code, second.Out));
        Assert.Equal(objects, kibana.Objects);
    }

    [Fact]
    public async Task What_is_imported_is_what_is_exported()
    {
        await using var kibana = await new KibanaStandIn().StartAsync();
        var file = Path.Combine(_program.Folder, "dashboards.ndjson");

        await ImportAsync(kibana.Address);
        var export = await _program.RunAsync("dashboards", "export");
        var toFile = await _program.RunAsync("dashboards", "export", "--out", file);

        Assert.Equal(kibana.Objects.Values.Order(StringComparer.Ordinal), Normal(export.Lines));
        Assert.Equal((0, ""), (toFile.Code, toFile.Out));
        Assert.Equal(export.Out, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));

        static IEnumerable<string> Normal(IReadOnlyList<string> lines) =>
            lines
                .Select(line => System.Text.Json.Nodes.JsonNode.Parse(line)!.ToJsonString())
                .Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task It_goes_below_the_base_path_and_into_the_space()
    {
        await using var kibana = await new KibanaStandIn { BasePath = "/tools/kibana/s/research" }.StartAsync();

        var run = await ImportAsync(kibana.Address);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.NotEmpty(kibana.Objects);
    }

    [Fact]
    public async Task What_is_refused_is_said_line_by_line()
    {
        await using var kibana = await new KibanaStandIn().StartAsync();
        kibana.Refuses["paperpipeline-ledger"] = "unknown";

        var run = await ImportAsync(kibana.Address);
        var json = await ImportAsync(kibana.Address, arguments: "--json");

        Assert.Equal(1, run.Code);
        // The view, and the two dashboards that need it.
        Assert.Equal(
            [
                "not imported: dashboard paperpipeline-completeness: what it needs is missing",
                "not imported: dashboard paperpipeline-pipeline: what it needs is missing",
                "not imported: index-pattern paperpipeline-ledger: unknown, we do not want it",
            ],
            run.ErrorLines.Select(line => line.Split(", index-pattern")[0]).Order(StringComparer.Ordinal)
        );
        Assert.Contains(", index-pattern paperpipeline-ledger", run.Error, StringComparison.Ordinal);
        var count = kibana.Objects.Count;
        Assert.Equal($"{count} of {count + 3} objects imported into {kibana.Address}", run.LastLine);
        Assert.Equal(1, json.Code);
        Assert.Equal(count + 3, json.Lines.Count);
        Assert.Equal(3, json.Lines.Count(line => line.Contains("\"error\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("password file")]
    [InlineData("API key file")]
    [InlineData("address")]
    public async Task Who_asks_is_said_in_every_way_and_a_wrong_secret_is_one_line(string kind)
    {
        await using var kibana = await new KibanaStandIn
        {
            Authorization =
                kind == "API key file"
                    ? "ApiKey " + Convert.ToBase64String("id:key"u8)
                    : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("lamp:s3cret")),
        }.StartAsync();

        var refused = await RunAsync("wrong");
        var taken = await RunAsync(kind == "API key file" ? "id:key" : "s3cret");

        Assert.Equal(1, refused.Code);
        var line = Assert.Single(refused.ErrorLines);
        Assert.Contains("refuses user, password or key (401", line, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", line, StringComparison.Ordinal);
        Assert.Equal((0, ""), (taken.Code, taken.Error));

        async Task<ProgramRun> RunAsync(string secret)
        {
            var address = kibana.Address;
            if (kind == "address")
                address = address.Replace("://", $"://lamp:{secret}@", StringComparison.Ordinal);
            else
                _program.Variables[
                    kind == "API key file" ? "PAPERPIPELINE_KIBANA_API_KEY_FILE" : "PAPERPIPELINE_KIBANA_PASSWORD_FILE"
                ] = _program.Write("secret", secret);
            if (kind == "password file")
                _program.Variables["PAPERPIPELINE_KIBANA_USER"] = "lamp";
            _program.Variables["PAPERPIPELINE_KIBANA"] = address;
            return await _program.RunAsync("dashboards", "import");
        }
    }

    [Fact]
    public async Task A_certificate_is_trusted_where_its_authority_is_named()
    {
        using var authority = new TestAuthority("Our authority");
        using var certificate = authority.Issue();
        await using var kibana = await new KibanaStandIn().StartAsync(() => certificate);

        var refused = await ImportAsync(kibana.Address);
        _program.Variables["PAPERPIPELINE_KIBANA_CA"] = _program.Write("ca.pem", authority.Pem);
        var taken = await ImportAsync(kibana.Address);

        Assert.Equal(1, refused.Code);
        Assert.Contains("PAPERPIPELINE_KIBANA_CA", Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
        Assert.Equal((0, ""), (taken.Code, taken.Error));
    }

    [Fact]
    public async Task It_waits_until_Kibana_is_ready()
    {
        await using var kibana = await new KibanaStandIn { NotReady = 2 }.StartAsync();

        var run = await ImportAsync(kibana.Address);

        Assert.Equal((0, "", 3), (run.Code, run.Error, kibana.Requests));
    }

    [Fact]
    public async Task One_that_never_is_ready_is_one_line()
    {
        await using var kibana = await new KibanaStandIn { NotReady = int.MaxValue }.StartAsync();

        var run = await ImportAsync(kibana.Address, arguments: ["--timeout", "0"]);

        Assert.Equal(1, run.Code);
        Assert.Contains("it is not ready (503)", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_is_too_large_is_one_line_that_says_what_to_raise()
    {
        await using var kibana = await new KibanaStandIn { MostBytes = 10_000 }.StartAsync();

        var run = await ImportAsync(kibana.Address);

        Assert.Equal(1, run.Code);
        var line = Assert.Single(run.ErrorLines);
        Assert.Contains("(413: Payload content length greater than maximum allowed", line, StringComparison.Ordinal);
        Assert.Contains("savedObjects.maxImportPayloadBytes", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "use --opensearch")]
    [InlineData(true, "leave out --opensearch")]
    public async Task The_other_product_is_one_line_that_says_so(bool openSearch, string said)
    {
        await using var other = await new KibanaStandIn { IsOpenSearch = !openSearch }.StartAsync();

        var run = await ImportAsync(other.Address, openSearch);

        Assert.Equal(1, run.Code);
        Assert.Contains(said, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "<html>Welcome</html>", "is it Kibana?")]
    [InlineData(200, "{\"cluster_name\":\"x\"}", "is it Kibana?")]
    [InlineData(200, "[]", "is it Kibana?")]
    [InlineData(200, "{\"success\":false,\"successCount\":0}", "says that the import failed, and not why")]
    [InlineData(302, "", "redirects to /login")]
    [InlineData(403, "{\"message\":\"Forbidden\"}", "lacks the rights for it (403: Forbidden)")]
    [InlineData(404, "Not Found", "has no import of saved objects there (404)")]
    [InlineData(400, "{\"error\":{},\"status\":400}", "did not import anything (400): is it Kibana?")]
    [InlineData(400, "{\"message\":\"No header.\"}", "did not import anything (400: No header.).")]
    [InlineData(409, "{\"message\":\"conflict\"}", "others change it now (409: conflict): try again")]
    [InlineData(500, "<html>oops</html>", "did not import anything (500): look at its log")]
    public async Task What_is_no_Kibana_is_one_line(int status, string body, string said)
    {
        await using var server = await SourceServer.StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            if (status == 302)
                context.Response.Headers.Location = "/login";
            await context.Response.WriteAsync(body);
        });

        var run = await ImportAsync(server.Address);

        Assert.Equal(1, run.Code);
        Assert.Contains(said, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_without_encryption_is_not_said_to_have_a_wrong_certificate()
    {
        await using var kibana = await new KibanaStandIn().StartAsync();

        var run = await ImportAsync(kibana.Address.Replace("http:", "https:", StringComparison.Ordinal));

        Assert.Equal(1, run.Code);
        Assert.EndsWith(
            "its address may begin with http://. Check --kibana.",
            Assert.Single(run.ErrorLines),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Nobody_who_listens_is_one_line()
    {
        var run = await ImportAsync($"http://127.0.0.1:{SourceServer.ClosedPort()}", arguments: ["--timeout", "0"]);

        Assert.Equal(1, run.Code);
        Assert.Contains("Check --kibana, or start it", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dashboards", "import")]
    [InlineData("dashboards", "import", "--kibana", "ftp://x")]
    [InlineData("dashboards", "export", "--traces", "nowhere")]
    public async Task Wrong_usage_ends_with_2(params string[] arguments)
    {
        var run = await _program.RunAsync(arguments);

        Assert.Equal(2, run.Code);
        Assert.Single(run.ErrorLines);
    }

    private Task<ProgramRun> ImportAsync(string address, bool openSearch = false, params string[] arguments) =>
        _program.RunAsync([
            "dashboards",
            "import",
            "--kibana",
            address,
            .. openSearch ? (string[])["--opensearch"] : [],
            .. arguments,
        ]);
}
