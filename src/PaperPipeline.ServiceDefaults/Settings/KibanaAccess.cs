using System.Net.Security;
using System.Text;

namespace PaperPipeline.ServiceDefaults.Settings;

/// <summary>How Kibana or OpenSearch Dashboards is reached: its address, credentials, whom to trust.</summary>
public sealed record KibanaAccess
{
    /// <summary>
    /// Its address (<c>PAPERPIPELINE_KIBANA</c>) without user and password, with its base path and space, such as
    /// <c>https://host:5601/s/research</c>.
    /// </summary>
    public required Uri Address { get; init; }

    /// <summary>The <c>Authorization</c> header, from the same settings as that of the index; null where none is given.</summary>
    public string? Authorization { get; init; }

    /// <summary>Decides whether its certificate is trusted (<c>PAPERPIPELINE_KIBANA_CA</c>), as for the index.</summary>
    public RemoteCertificateValidationCallback? Trusts { get; init; }

    // No part of this may reach a log by way of the record's own text.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(PipelineSettings.Show(Address));
        return true;
    }

    /// <summary>Reads the settings.</summary>
    /// <param name="value">Gives a setting by its name after <c>PAPERPIPELINE_</c>; null or blank when not set.</param>
    /// <exception cref="SettingException">They are missing, malformed or contradict each other.</exception>
    public static KibanaAccess Read(Func<string, string?> value)
    {
        if (Text("KIBANA") is not { } given)
            throw new SettingException("Give --kibana (or PAPERPIPELINE_KIBANA), such as http://localhost:5601.");
        if (
            !Uri.TryCreate(given, UriKind.Absolute, out var address)
            || !(address.Scheme == "http" || address.Scheme == "https")
            || address.Host.Length == 0
        )
            throw new SettingException(
                $"PAPERPIPELINE_KIBANA (--kibana) is '{Redact(given)}': it must be an address 'http://host:port' or 'https://host:port'."
            );
        return new KibanaAccess
        {
            Address = new UriBuilder(address)
            {
                UserName = "",
                Password = "",
                Query = "",
                Fragment = "",
                Path = address.AbsolutePath.TrimEnd('/') + "/",
            }.Uri,
            Authorization = Credentials.Read("KIBANA", "Kibana", [address], Text),
            Trusts = CertificateTrust.Read("KIBANA_CA", Text),
        };

        string? Text(string name) => value(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
    }

    // Before the last '@' may be a password.
    private static string Redact(string text) => text.LastIndexOf('@') is var at && at >= 0 ? "…" + text[at..] : text;
}
