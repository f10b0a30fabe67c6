using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>Whom the program trusts, and how it proves who it is: before a real server that is guarded.</summary>
public sealed class IndexAccessTests : IAsyncLifetime
{
    private const string User = "indexer";
    private const string Secret = "p@ss: w/örd";

    private readonly SearchServer _server = new();
    private readonly TestProgram _program = new();
    private readonly TestAuthority _authority = new("Our authority");

    public ValueTask InitializeAsync()
    {
        SearchServer.Require();
        _program.Variables["PAPERPIPELINE_INDEX_PREFIX"] = _server.Prefix;
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _program.Dispose();
        _authority.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("address")]
    [InlineData("password file")]
    [InlineData("API key file")]
    [InlineData("API key of two parts")]
    [InlineData("token file")]
    public async Task Every_kind_of_credential_is_sent_and_a_wrong_one_is_one_line(string kind)
    {
        await using var guarded = await new FaultyServer(SearchServer.Url!, _ => Fault.None)
        {
            Authorization = kind switch
            {
                "API key file" => "ApiKey " + Base64("id:key"),
                "API key of two parts" => "ApiKey " + Base64("id:" + Secret),
                "token file" => "Bearer abc.def",
                _ => "Basic " + Base64($"{User}:{Secret}"),
            },
        }.ListenAsync(null);

        Give(kind, right: false, guarded.Address);
        var refused = await _program.RunAsync("ingest", Digest());
        Give(kind, right: true, guarded.Address);
        var taken = await _program.RunAsync("ingest", Digest());

        Assert.Equal(1, refused.Code);
        var line = Assert.Single(refused.ErrorLines);
        Assert.Contains("refuses user, password or key (401)", line, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", line, StringComparison.Ordinal);
        Assert.Equal((0, "1 digest, 4 papers: 4 indexed, 0 dead letters"), (taken.Code, taken.LastLine));
    }

    [Fact]
    public async Task A_certificate_of_the_authority_in_a_file_is_trusted()
    {
        using var certificate = _authority.Issue();
        var run = await IngestAsync(certificate, _program.Write("ca.pem", _authority.Pem));

        Assert.Equal((0, ""), (run.Code, run.Error));
    }

    [Fact]
    public async Task One_of_several_authorities_in_a_file_is_trusted()
    {
        using var other = new TestAuthority("Another authority");
        using var certificate = _authority.Issue();
        var run = await IngestAsync(certificate, _program.Write("ca.pem", other.Pem + "\n" + _authority.Pem + "\n"));

        Assert.Equal((0, ""), (run.Code, run.Error));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_with_the_fingerprint_is_trusted(bool colons)
    {
        using var certificate = TestAuthority.SelfSigned();
        var digits = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        var run = await IngestAsync(
            certificate,
            colons ? string.Join(':', digits.Chunk(2).Select(pair => new string(pair))) : digits
        );

        Assert.Equal((0, ""), (run.Code, run.Error));
    }

    [Fact]
    public async Task Another_fingerprint_is_refused()
    {
        using var certificate = TestAuthority.SelfSigned();

        AssertNotTrusted(await IngestAsync(certificate, new string('a', 64)));
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused()
    {
        using var other = new TestAuthority("Our authority");
        using var certificate = other.Issue();

        AssertNotTrusted(await IngestAsync(certificate, _program.Write("ca.pem", _authority.Pem)));
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused()
    {
        using var certificate = _authority.Issue("elsewhere.example");

        AssertNotTrusted(await IngestAsync(certificate, _program.Write("ca.pem", _authority.Pem)));
    }

    [Fact]
    public async Task An_authority_that_the_system_does_not_know_is_refused_where_none_is_named()
    {
        using var certificate = _authority.Issue();

        AssertNotTrusted(await IngestAsync(certificate, null));
    }

    [Theory]
    [InlineData("nothing.pem", null, "cannot read the certificate authority")]
    [InlineData("empty.pem", "no certificate", "holds no PEM certificate")]
    public async Task A_file_without_authority_is_one_line(string name, string? content, string expected)
    {
        var file = content is null ? Path.Combine(_program.Folder, name) : _program.Write(name, content);
        using var certificate = _authority.Issue();
        var run = await IngestAsync(certificate, file);

        Assert.Equal(2, run.Code);
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(Fault.Unauthorized), "user, password or key are wrong or missing")]
    [InlineData(nameof(Fault.Forbidden), "the rights are missing")]
    public async Task Access_that_is_lost_in_the_middle_is_waited_for(string fault, string said)
    {
        var (bulks, given) = (0, false);
        await using var guarded = await FaultyServer.StartAsync(
            SearchServer.Url!,
            path =>
            {
                if (path.Contains("_bulk", StringComparison.Ordinal))
                    Interlocked.Increment(ref bulks);
                return Volatile.Read(ref bulks) > 3 && !Volatile.Read(ref given)
                    ? Enum.Parse<Fault>(fault)
                    : Fault.None;
            }
        );

        await AssertWaitsAsync(guarded, said, () => Volatile.Write(ref given, true));
    }

    [Fact]
    public async Task A_certificate_that_changes_in_the_middle_is_waited_for_until_it_is_trusted()
    {
        using var other = new TestAuthority("Our authority");
        using var first = _authority.Issue();
        using var foreign = other.Issue();
        using var renewed = _authority.Issue();
        var (shown, bulks) = (first, 0);
        await using var secured = await new FaultyServer(
            SearchServer.Url!,
            path =>
            {
                if (path.Contains("_bulk", StringComparison.Ordinal) && Interlocked.Increment(ref bulks) == 4)
                    Volatile.Write(ref shown, foreign);
                // Nobody trusts that one, so what comes now comes by a connection from before.
                return Volatile.Read(ref shown) == foreign ? Fault.ResetBefore : Fault.None;
            }
        ).ListenAsync(() => Volatile.Read(ref shown));
        _program.Variables["PAPERPIPELINE_INDEX_CA"] = _program.Write("ca.pem", _authority.Pem);

        await AssertWaitsAsync(secured, "its certificate is not trusted", () => Volatile.Write(ref shown, renewed));
    }

    private async Task AssertWaitsAsync(FaultyServer server, string said, Action mend)
    {
        _program.Variables["PAPERPIPELINE_INDEX"] = server.Address.ToString();
        var digests = Digests.WriteMany(Path.Combine(_program.Folder, "digests"), 10, 40);
        await using var running = _program.Start("ingest", digests);

        await Eventually.HoldsAsync(
            () =>
            {
                Assert.False(running.HasEnded, running.Error);
                return running.Error.Contains(said, StringComparison.Ordinal);
            },
            () => $"it says that {said}; it says {running.Error}"
        );
        mend();
        var run = await running.EndAsync();

        Assert.Equal((0, "10 digests, 400 papers: 400 indexed, 0 dead letters"), (run.Code, run.LastLine));
        using var alone = new TestProgram();
        Assert.Equal(0, (await alone.RunAsync("ingest", digests)).Code);
        Assert.Equal(
            Digests.Timeless((await alone.ExportAsync()).Out),
            Digests.Timeless((await _program.ExportAsync()).Out)
        );
    }

    private static void AssertNotTrusted(ProgramRun run)
    {
        Assert.Equal(1, run.Code);
        var line = Assert.Single(run.ErrorLines);
        Assert.Contains("its certificate is not trusted", line, StringComparison.Ordinal);
        Assert.Contains("PAPERPIPELINE_INDEX_CA", line, StringComparison.Ordinal);
    }

    private async Task<ProgramRun> IngestAsync(X509Certificate2 certificate, string? authority)
    {
        await using var secured = await new FaultyServer(SearchServer.Url!, _ => Fault.None).ListenAsync(() =>
            certificate
        );
        _program.Variables["PAPERPIPELINE_INDEX"] = secured.Address.ToString();
        if (authority is not null)
            _program.Variables["PAPERPIPELINE_INDEX_CA"] = authority;
        return await _program.RunAsync("ingest", Digest());
    }

    private void Give(string kind, bool right, Uri address)
    {
        var variables = _program.Variables;
        variables["PAPERPIPELINE_INDEX"] = address.ToString();
        switch (kind)
        {
            case "address":
                var password = Uri.EscapeDataString(right ? Secret : "wrong");
                variables["PAPERPIPELINE_INDEX"] = $"http://{User}:{password}@{address.Authority}";
                break;
            case "password file":
                variables["PAPERPIPELINE_INDEX_USER"] = User;
                variables["PAPERPIPELINE_INDEX_PASSWORD_FILE"] = Keep(right ? Secret : "wrong");
                break;
            case "API key file":
                variables["PAPERPIPELINE_INDEX_API_KEY_FILE"] = Keep(Base64(right ? "id:key" : "id:wrong"));
                break;
            case "API key of two parts":
                variables["PAPERPIPELINE_INDEX_API_KEY"] = "id:" + (right ? Secret : "wrong");
                break;
            default:
                variables["PAPERPIPELINE_INDEX_TOKEN_FILE"] = Keep(right ? "abc.def" : "wrong.wrong");
                break;
        }
    }

    private string Keep(string secret) => _program.Write("secret", secret + "\n");

    private string Digest() => _program.Write("digest.txt", Digests.Page(4));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
