using System.Text;

namespace PaperPipeline.ServiceDefaults.Settings;

/// <summary>How a server is told who asks: one of key, token, and user with password.</summary>
internal static class Credentials
{
    /// <summary>The <c>Authorization</c> header; null where nothing is given.</summary>
    /// <param name="name">The settings' name after <c>PAPERPIPELINE_</c>, before <c>_USER</c>, <c>_API_KEY</c> and so on.</param>
    /// <param name="what">What it is for, as a message has it.</param>
    /// <param name="addresses">The server's addresses, which may hold user and password.</param>
    /// <param name="setting">Gives a setting by its name after <c>PAPERPIPELINE_</c>; null when not set.</param>
    /// <exception cref="SettingException">They are malformed or contradict each other.</exception>
    public static string? Read(string name, string what, IReadOnlyList<Uri> addresses, Func<string, string?> setting)
    {
        var given = new List<string>();
        if (addresses.Select(a => a.UserInfo).FirstOrDefault(info => info.Length > 0) is { } info)
            given.Add(Basic(string.Join(':', info.Split(':', 2).Select(Uri.UnescapeDataString))));
        if (Secrets.Read(name + "_API_KEY", setting) is { } key)
            given.Add("ApiKey " + (key.Contains(':', StringComparison.Ordinal) ? Encoded(key) : key));
        if (Secrets.Read(name + "_TOKEN", setting) is { } token)
            given.Add("Bearer " + token);
        if (Secrets.ReadPair(name, setting) is var (user, password))
            given.Add(Basic($"{user}:{password}"));
        if (given.Count > 1)
            throw new SettingException(
                $"Several credentials are given for {what}: use one of user and password, PAPERPIPELINE_{name}_API_KEY and PAPERPIPELINE_{name}_TOKEN."
            );
        if (given is [var only] && only.Any(char.IsControl))
            throw new SettingException($"The credentials for {what} hold a line break or another control character.");
        return given.Count == 0 ? null : given[0];
    }

    private static string Basic(string pair) => "Basic " + Encoded(pair);

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
