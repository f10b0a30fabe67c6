using System.Net.Security;
using System.Text;

namespace PaperPipeline.ServiceDefaults.Settings;

/// <summary>How the broker is reached: address, virtual host, credentials, whom to trust.</summary>
public sealed record BusAccess
{
    /// <summary>The amqp(s) address (<c>PAPERPIPELINE_BUS</c>), without user, password and virtual host.</summary>
    public required Uri Address { get; init; }

    /// <summary>The virtual host: the path of the address, percent-decoded; <c>/</c> where it has none.</summary>
    public string VirtualHost { get; init; } = "/";

    /// <summary>
    /// The user: from the address, or <c>PAPERPIPELINE_BUS_USER</c>; else <c>guest</c>, whom a broker lets in from its own
    /// host alone.
    /// </summary>
    public string User { get; init; } = "guest";

    /// <summary>
    /// The user's password: from the address, or <c>PAPERPIPELINE_BUS_PASSWORD_FILE</c> or <c>PAPERPIPELINE_BUS_PASSWORD</c>.
    /// </summary>
    public string Password { get; init; } = "guest";

    /// <summary>
    /// Decides whether the certificate of an amqps broker is trusted: issued for its name by one of the system's
    /// authorities, or by the one that <c>PAPERPIPELINE_BUS_CA</c> names (a file of PEM certificates or a SHA-256 fingerprint).
    /// </summary>
    public RemoteCertificateValidationCallback Trusts { get; init; } = CertificateTrust.System;

    /// <summary>The host's name or address.</summary>
    public string Host => Address.IdnHost;

    /// <summary>The port; where the address has none 5671 for amqps, 5672 for amqp.</summary>
    public ushort Port =>
        Address.Port > 0 ? (ushort)Address.Port
        : IsSecured ? (ushort)5671
        : (ushort)5672;

    /// <summary>True for amqps: the connection is encrypted and the broker proves who it is.</summary>
    public bool IsSecured => Address.Scheme == "amqps";

    /// <summary>Where it is, as it may be shown.</summary>
    public string Name =>
        PipelineSettings.Show(Address) + (VirtualHost == "/" ? "" : "/" + Uri.EscapeDataString(VirtualHost));

    // No part of this may reach a log by way of the record's own text.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(Name);
        return true;
    }

    /// <summary>Reads the settings.</summary>
    /// <param name="address">The broker's address.</param>
    /// <param name="setting">Gives a setting by its name after <c>PAPERPIPELINE_</c>; null when not set.</param>
    /// <exception cref="SettingException">They are malformed or contradict each other.</exception>
    internal static BusAccess Read(Uri address, Func<string, string?> setting)
    {
        // The rest of a password whose '/', '?' or '#' was not escaped would end up here.
        var path = address.AbsolutePath.TrimStart('/');
        if (address.Query.Length > 0 || address.Fragment.Length > 0 || path.Contains('@', StringComparison.Ordinal))
            throw new SettingException(
                "PAPERPIPELINE_BUS (--bus) must end with the virtual host: write a '?', '#', '/' or '@' in user or password as %3F, %23, %2F or %40."
            );
        if (path.Contains('/', StringComparison.Ordinal))
            throw new SettingException(
                $"PAPERPIPELINE_BUS (--bus) names the virtual host '{path}': write a '/' in its name as %2F."
            );
        if (Credentials(address, setting) is not var (user, password))
            (user, password) = ("guest", "guest");
        if (user.Any(char.IsControl) || password.Any(char.IsControl))
            throw new SettingException("The credentials for the bus hold a line break or another control character.");
        var access = new BusAccess
        {
            Address = new UriBuilder(address)
            {
                UserName = "",
                Password = "",
                Path = "",
            }.Uri,
            VirtualHost = path.Length > 0 ? Uri.UnescapeDataString(path) : "/",
            User = user,
            Password = password,
        };
        if (CertificateTrust.Read("BUS_CA", setting) is not { } trusts)
            return access;
        return access.IsSecured
            ? access with
            {
                Trusts = trusts,
            }
            : throw new SettingException(
                "PAPERPIPELINE_BUS_CA is set, but the bus is not encrypted: begin PAPERPIPELINE_BUS (--bus) with amqps://."
            );
    }

    private static (string User, string Password)? Credentials(Uri address, Func<string, string?> setting)
    {
        var pair = Secrets.ReadPair("BUS", setting);
        if (address.UserInfo.Length == 0)
            return pair;
        if (pair is not null)
            throw new SettingException(
                "User and password of the bus are given twice: leave them out of the address, or do not set PAPERPIPELINE_BUS_USER."
            );
        return address.UserInfo.Split(':', 2) is [var user, var password]
            ? (Uri.UnescapeDataString(user), Uri.UnescapeDataString(password))
            : throw new SettingException(
                "The address of the bus has a user without a password: leave the user out and set PAPERPIPELINE_BUS_USER and PAPERPIPELINE_BUS_PASSWORD_FILE."
            );
    }
}
