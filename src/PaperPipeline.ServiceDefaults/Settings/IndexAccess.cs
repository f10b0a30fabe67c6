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
        return new IndexAccess
        {
            Nodes = [.. addresses.Select(a => new UriBuilder(a) { UserName = "", Password = "" }.Uri)],
            Authorization = Authorize(addresses, setting),
            Trusts = CertificateTrust.Read("INDEX_CA", setting),
            Prefix = prefix,
        };
    }

    private static string? Authorize(IReadOnlyList<Uri> addresses, Func<string, string?> setting)
    {
        var given = new List<string>();
        if (addresses.Select(a => a.UserInfo).FirstOrDefault(info => info.Length > 0) is { } info)
            given.Add(Basic(string.Join(':', info.Split(':', 2).Select(Uri.UnescapeDataString))));
        if (Secrets.Read("INDEX_API_KEY", setting) is { } key)
            given.Add("ApiKey " + (key.Contains(':', StringComparison.Ordinal) ? Encoded(key) : key));
        if (Secrets.Read("INDEX_TOKEN", setting) is { } token)
            given.Add("Bearer " + token);
        if (Secrets.ReadPair("INDEX", setting) is var (user, password))
            given.Add(Basic($"{user}:{password}"));
        if (given.Count > 1)
            throw new SettingException(
                "Several credentials are given for the index: use one of user and password, PAPERPIPELINE_INDEX_API_KEY and PAPERPIPELINE_INDEX_TOKEN."
            );
        if (given is [var only] && only.Any(char.IsControl))
            throw new SettingException("The credentials for the index hold a line break or another control character.");
        return given.Count == 0 ? null : given[0];
    }

    private static string Basic(string pair) => "Basic " + Encoded(pair);

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
