using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>Trusts the certificates of one authority; the server's name is verified as ever.</summary>
internal static class CertificateTrust
{
    /// <summary>Makes the validation for a file of PEM certificates or a SHA-256 fingerprint.</summary>
    /// <exception cref="StoreRefusedException">It is neither; the message says what to do.</exception>
    public static RemoteCertificateValidationCallback Of(string authority)
    {
        if (Fingerprint(authority) is { } fingerprint)
            return (_, certificate, chain, errors) =>
                Verify(
                    certificate,
                    chain,
                    errors,
                    Offered(chain).Where(found => found.GetCertHashString(HashAlgorithmName.SHA256) == fingerprint)
                );
        var trusted = new X509Certificate2Collection();
        try
        {
            trusted.ImportFromPemFile(authority);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StoreRefusedException(
                $"Cannot read the certificate authority {authority}: {failure.Message.TrimEnd('.')}. Give a PEM file or a SHA-256 fingerprint.",
                failure
            );
        }
        if (trusted.Count == 0)
            throw new StoreRefusedException($"{authority} holds no PEM certificate: give the authority's certificate.");
        return (_, certificate, chain, errors) => Verify(certificate, chain, errors, trusted);
    }

    private static bool Verify(
        X509Certificate? certificate,
        X509Chain? offered,
        SslPolicyErrors errors,
        IEnumerable<X509Certificate2> trusted
    )
    {
        if (certificate is not X509Certificate2 server || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.ExtraStore.AddRange(Offered(offered).ToArray());
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted.ToArray());
        return chain.ChainPolicy.CustomTrustStore.Count > 0 && chain.Build(server);
    }

    // A server sends what leads to its authority, and often not the authority itself.
    private static IEnumerable<X509Certificate2> Offered(X509Chain? chain) =>
        chain is null ? [] : chain.ChainElements.Select(e => e.Certificate).Concat(chain.ChainPolicy.ExtraStore);

    private static string? Fingerprint(string text)
    {
        var digits = text.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();
        return digits.Length == 64 && digits.All(char.IsAsciiHexDigit) ? digits : null;
    }
}
