using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PaperPipeline.IntegrationTests.Support.Brokers;

/// <summary>A broker that speaks TLS beside plain AMQP, as <c>localhost</c> by an authority of its own.</summary>
public sealed class SecuredBroker : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly TestAuthority _authority = new("Our authority");
    private readonly int _port = SourceServer.ClosedPort();
    private DebianBroker? _broker;

    internal Broker Broker
    {
        get
        {
            DebianBroker.Require();
            return _broker!;
        }
    }

    /// <summary>A file with the authority's certificate.</summary>
    public string Authority => _folder["authority.pem"];

    /// <summary>The SHA-256 fingerprint of the authority's certificate.</summary>
    public string Fingerprint
    {
        get
        {
            using var authority = X509Certificate2.CreateFromPem(_authority.Pem);
            return authority.GetCertHashString(HashAlgorithmName.SHA256);
        }
    }

    /// <summary>Its address without user and password, by a name that the certificate has or has not.</summary>
    public string Address(string host = "localhost") => $"amqps://{host}:{_port}";

    public async ValueTask InitializeAsync()
    {
        if (!DebianBroker.IsInstalled)
            return;
        using var certificate = _authority.Issue("localhost");
        using var key = certificate.GetECDsaPrivateKey()!;
        _folder.Write("authority.pem", _authority.Pem);
        _broker = await DebianBroker.StartAsync(
            $"listeners.ssl.1 = 127.0.0.1:{_port}",
            $"ssl_options.cacertfile = {Authority}",
            $"ssl_options.certfile = {_folder.Write("server.pem", certificate.ExportCertificatePem())}",
            $"ssl_options.keyfile = {_folder.Write("server.key", key.ExportPkcs8PrivateKeyPem())}",
            "ssl_options.verify = verify_none",
            "ssl_options.fail_if_no_peer_cert = false"
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
            await _broker.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }
}
