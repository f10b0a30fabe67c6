using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PaperPipeline.ServiceDefaults.Settings;

namespace PaperPipeline.Tests.Settings;

/// <summary>How the settings say where the broker is, who asks and whom to trust.</summary>
public sealed class BusSettingsTests : IDisposable
{
    private const string Secured = "amqps://rabbit.example";

    private readonly string _folder = Directory.CreateTempSubdirectory("paperpipeline-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("memory")]
    [InlineData("Memory")]
    public void Nothing_set_or_memory_is_the_bus_in_memory(string? bus) =>
        Assert.Null(PipelineSettings.Read(name => name == "BUS" ? bus : null).Bus);

    [Theory]
    [InlineData("amqp://rabbit.example", "rabbit.example", 5672, "/")]
    [InlineData("amqps://rabbit.example/", "rabbit.example", 5671, "/")]
    [InlineData("amqp://rabbit.example:1234/papers", "rabbit.example", 1234, "papers")]
    [InlineData("amqp://rabbit.example/%2F", "rabbit.example", 5672, "/")]
    [InlineData("amqp://rabbit.example/a%2Fb%20c%25", "rabbit.example", 5672, "a/b c%")]
    [InlineData("amqps://[::1]", "::1", 5671, "/")]
    public void The_address_names_host_port_and_virtual_host(string address, string host, int port, string virtualHost)
    {
        var bus = Bus(("BUS", address));

        Assert.Equal((host, port, virtualHost), (bus.Host, bus.Port, bus.VirtualHost));
        Assert.Equal(("guest", "guest"), (bus.User, bus.Password));
    }

    [Fact]
    public void User_and_password_in_the_address_are_used_and_never_shown()
    {
        var bus = Bus(("BUS", "amqps://work%3Aer:p%40ss%3Aw%2Ford,@rabbit.example:5671/papers"));

        Assert.Equal(("work:er", "p@ss:w/ord,"), (bus.User, bus.Password));
        Assert.Equal(new Uri("amqps://rabbit.example:5671"), bus.Address);
        Assert.Equal("amqps://rabbit.example:5671/papers", bus.Name);
        Assert.DoesNotContain("ord", bus.Address + bus.Name + bus, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_has_a_password_directly_or_from_a_file()
    {
        var file = Keep("pass word\n");

        Assert.Equal("pass word", Bus(("BUS", Secured), ("BUS_USER", "a"), ("BUS_PASSWORD_FILE", file)).Password);
        Assert.Equal("pass", Bus(("BUS", Secured), ("BUS_USER", "a"), ("BUS_PASSWORD", "pass")).Password);
    }

    [Theory]
    [InlineData("given twice", "amqp://a:b@host", "BUS_USER", "a", "BUS_PASSWORD", "b")]
    [InlineData("are both set", "amqp://host", "BUS_USER", "a", "BUS_PASSWORD", "b", "BUS_PASSWORD_FILE", "/c")]
    [InlineData("without a password", "amqp://host", "BUS_USER", "a")]
    [InlineData("without a password", "amqp://a@host")]
    [InlineData("without a user", "amqp://host", "BUS_PASSWORD", "secret")]
    [InlineData("which cannot be read", "amqp://host", "BUS_USER", "a", "BUS_PASSWORD_FILE", "/nowhere/at/all")]
    [InlineData("control character", "amqp://a:secret%00@host")]
    [InlineData("as %2F", "amqp://host/a/b")]
    [InlineData("must end with the virtual host", "amqp://host/a?verify=secret")]
    [InlineData("must end with the virtual host", "amqp://user:12#secret@host")]
    [InlineData("must end with the virtual host", "amqp://user:12/secret@host")]
    [InlineData("must be 'memory' or", "amqp://user:sec,ret@one, amqp://two")]
    [InlineData("must be 'memory' or", "http://host")]
    [InlineData("must be 'memory' or", "amqp://user:secret/@host")]
    [InlineData("begin PAPERPIPELINE_BUS (--bus) with amqps", "amqp://host", "BUS_CA", Fingerprint)]
    [InlineData("cannot read the certificate authority", Secured, "BUS_CA", "/nowhere/at/all.pem")]
    public void What_contradicts_itself_or_cannot_be_is_refused(string reason, string bus, params string[] settings)
    {
        var refused = Assert.Throws<SettingException>(() =>
            Bus([("BUS", bus), .. settings.Chunk(2).Select(pair => (pair[0], pair[1]))])
        );

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.DoesNotContain("sec", refused.Message.Split('@')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_certificate_is_refused()
    {
        var refused = Assert.Throws<SettingException>(() => Bus(("BUS", Secured), ("BUS_CA", Keep("nothing"))));

        Assert.Contains("PAPERPIPELINE_BUS_CA", refused.Message, StringComparison.Ordinal);
        Assert.Contains("holds no PEM certificate", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_authority_only_what_the_system_trusts_is_trusted()
    {
        using var certificate = SelfSigned("rabbit.example");
        var trusts = Bus(("BUS", Secured)).Trusts;

        Assert.True(trusts(this, certificate, null, SslPolicyErrors.None));
        Assert.False(trusts(this, certificate, null, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.False(trusts(this, certificate, null, SslPolicyErrors.RemoteCertificateNameMismatch));
    }

    [Fact]
    public void An_authority_is_trusted_for_its_own_certificates_of_the_right_name()
    {
        using var certificate = SelfSigned("rabbit.example");
        using var other = SelfSigned("rabbit.example");
        var trusts = Bus(("BUS", Secured), ("BUS_CA", Keep(certificate.ExportCertificatePem()))).Trusts;

        Assert.True(trusts(this, certificate, null, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.False(trusts(this, other, null, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.False(trusts(this, certificate, null, SslPolicyErrors.RemoteCertificateNameMismatch));
    }

    private const string Fingerprint = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static BusAccess Bus(params (string Name, string Value)[] settings) =>
        PipelineSettings.Read(name => settings.Where(s => s.Name == name).Select(s => s.Value).FirstOrDefault()).Bus!;

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            now.AddDays(-1),
            now.AddDays(1)
        );
    }

    private string Keep(string secret)
    {
        var file = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllText(file, secret);
        return file;
    }
}
