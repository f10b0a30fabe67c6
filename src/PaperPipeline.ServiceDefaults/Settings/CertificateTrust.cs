using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PaperPipeline.ServiceDefaults.Settings;

/// <summary>Whose certificates are trusted: the system's authorities, or one that is named. The server's name counts always.</summary>
internal static class CertificateTrust
{
    /// <summary>Trusts the system's authorities.</summary>
    public static readonly RemoteCertificateValidationCallback System = (_, _, _, errors) =>
        errors == SslPolicyErrors.None;

    /// <summary>Trusts what a setting names: a file of PEM certificates, or a SHA-256 fingerprint; null when not set.</summary>
    /// <param name="name">The setting's name after <c>PAPERPIPELINE_</c>.</param>
    /// <param name="setting">Gives a setting by that name.</param>
    /// <exception cref="SettingException">It is neither; the message says what to do.</exception>
    public static RemoteCertificateValidationCallback? Read(string name, Func<string, string?> setting)
    {
        if (setting(name) is not { } authority)
            return null;
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
            throw new SettingException(
                $"PAPERPIPELINE_{name} is {authority}: cannot read the certificate authority ({failure.Message.TrimEnd('.')}). Give a PEM file or a SHA-256 fingerprint."
            );
        }
        if (trusted.Count == 0)
            throw new SettingException(
                $"PAPERPIPELINE_{name} is {authority}, which holds no PEM certificate: give the authority's certificate."
            );
        return (_, certificate, chain, errors) => Verify(certificate, chain, errors, trusted);
    }

    /// <summary>Why a certificate was refused, in a few words.</summary>
    public static string Reason(string host, X509Chain? chain, SslPolicyErrors errors) =>
        errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? "there is none"
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? $"it is for another name than {host}"
        : chain?.ChainStatus.Any(s => s.Status.HasFlag(X509ChainStatusFlags.NotTimeValid)) == true
            ? "it has expired, or is not valid yet"
        : "it comes from another authority";

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
