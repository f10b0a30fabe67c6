using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PaperPipeline.IntegrationTests.Support;

/// <summary>An authority of one test's own, which issues certificates for servers.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddDays(-1);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _certificate = request.CreateSelfSigned(From, From.AddDays(30));
    }

    /// <summary>The certificate as a PEM file holds it.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>A certificate for a server of this name, or on the loopback address where there is none.</summary>
    public X509Certificate2 Issue(string? name = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Server(name, key);
        Span<byte> serial = stackalloc byte[8];
        RandomNumberGenerator.Fill(serial);
        using var issued = request.Create(_certificate, From, From.AddDays(20), serial);
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>A certificate that vouches for itself.</summary>
    public static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Server(null, key).CreateSelfSigned(From, From.AddDays(20));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private static CertificateRequest Server(string? name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name ?? "localhost"}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name ?? "localhost");
        if (name is null)
            names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }
}
