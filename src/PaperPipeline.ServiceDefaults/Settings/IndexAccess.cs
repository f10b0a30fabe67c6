using System.Net.Security;
using System.Text;

namespace PaperPipeline.ServiceDefaults.Settings;

/// <summary>How Elasticsearch or OpenSearch is reached: nodes, credentials, whom to trust.</summary>
public sealed record IndexAccess
{
    /// <summary>The nodes (<c>PAPERPIPELINE_INDEX</c>, separated by commas), without user and password.</summary>
    public required IReadOnlyList<Uri> Nodes { get; init; }

    /// <summary>
    /// The <c>Authorization</c> header: from the address (<c>https://user:password@host</c>), or from <c>_API_KEY</c>,
    /// <c>_API_KEY_FILE</c>, <c>_USER</c> with <c>_PASSWORD_FILE</c> or <c>_PASSWORD</c>, <c>_TOKEN_FILE</c> or <c>_TOKEN</c>
    /// after <c>PAPERPIPELINE_INDEX</c>. Null where none is given.
    /// </summary>
    public string? Authorization { get; init; }

    /// <summary>
    /// Decides whether a node's certificate is trusted: null leaves it to the system's authorities; else it is issued by the
    /// authority that <c>PAPERPIPELINE_INDEX_CA</c> names (a file of PEM certificates or a SHA-256 fingerprint).
    /// </summary>
    public RemoteCertificateValidationCallback? Trusts { get; init; }

    /// <summary>Put before all index names (<c>PAPERPIPELINE_INDEX_PREFIX</c>): lower-case letters, digits, <c>-</c> and <c>_</c>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Where it is, as it may be shown.</summary>
    public string Name => string.Join(", ", Nodes.Select(PipelineSettings.Show));

    // No part of this may reach a log by way of the record's own text.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(Name);
        return true;
    }

    /// <summary>Reads the settings.</summary>
    /// <param name="addresses">The nodes' addresses.</param>
    /// <param name="setting">Gives a setting by its name after <c>PAPERPIPELINE_</c>; null when not set.</param>
    /// <exception cref="SettingException">They are malformed or contradict each other.</exception>
    internal static IndexAccess Read(IReadOnlyList<Uri> addresses, Func<string, string?> setting)
    {
        return new IndexAccess
        {
            Nodes = [.. addresses.Select(a => new UriBuilder(a) { UserName = "", Password = "" }.Uri)],
            Authorization = Credentials.Read("INDEX", "the index", addresses, setting),
            Trusts = CertificateTrust.Read("INDEX_CA", setting),
            Prefix = ReadPrefix(setting),
        };
    }

    /// <summary>Reads what is put before all index names; empty where nothing is.</summary>
    /// <param name="setting">Gives a setting by its name after <c>PAPERPIPELINE_</c>; null when not set.</param>
    /// <exception cref="SettingException">It is malformed.</exception>
    public static string ReadPrefix(Func<string, string?> setting)
    {
        var prefix = setting("INDEX_PREFIX") ?? "";
        if (
            prefix.Length > 100
            || prefix.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'))
        )
            throw new SettingException(
                $"PAPERPIPELINE_INDEX_PREFIX is '{prefix}': it must be lower-case letters, digits, '-' and '_', at most 100."
            );
        if (prefix.StartsWith('-') || prefix.StartsWith('_'))
            throw new SettingException("PAPERPIPELINE_INDEX_PREFIX must begin with a letter or a digit.");
        return prefix;
    }
}
