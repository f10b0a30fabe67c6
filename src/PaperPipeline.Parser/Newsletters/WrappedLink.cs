using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PaperPipeline.Parser.Newsletters;

/// <summary>
/// Takes the address out of the links that mails wrap it in to count clicks: as a parameter, as a part of the path, or encoded
/// as base64. Nothing is fetched, so what only its sender can read stays as it is.
/// </summary>
internal static partial class WrappedLink
{
    private const int Deepest = 4;
    private const int Longest = 8192;

    /// <summary>The address that the link leads to, as far as it says so itself.</summary>
    public static string Target(string link)
    {
        for (var n = 0; n < Deepest; n++)
        {
            if (link.Length > Longest || Inner(link) is not { } inner || inner == link)
                break;
            link = inner;
        }

        return link;
    }

    private static string? Inner(string link)
    {
        if (!Uri.TryCreate(link, UriKind.Absolute, out var address))
            return null;
        if (address.Host.StartsWith("urldefense", StringComparison.OrdinalIgnoreCase) && Defended(link) is { } defended)
            return defended;
        foreach (var parameter in address.Query.TrimStart('?').Split('&'))
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && Address(Unescape(parameter[(equals + 1)..])) is { } value)
                return value;
        }

        var path = address.AbsolutePath;
        if (InPath().Match(path) is { Success: true } within)
        {
            // An escaped address ends where the path goes on; a plain one goes on to the end, with the query.
            var isEscaped = within.Value.Contains("%2F", StringComparison.OrdinalIgnoreCase);
            var end = isEscaped ? within.Value.IndexOf('/', StringComparison.Ordinal) : -1;
            var found = Unescape(end < 0 ? within.Value : within.Value[..end]);
            if (Address(isEscaped ? found : found + address.Query) is { } target)
                return target;
        }

        foreach (var segment in path.Split('/', '.'))
            if (segment.Length >= 20 && Decoded(segment) is { } decoded)
                return decoded;
        return null;
    }

    // urldefense.com/v3/__https://…__;… and its older forms, which write "-" for "%" and "_" for "/".
    private static string? Defended(string link)
    {
        if (DefendedNow().Match(link) is { Success: true } now)
            return Address(now.Groups["url"].Value);
        return DefendedBefore().Match(link) is { Success: true } before
            ? Address(
                Unescape(before.Groups["url"].Value.Replace('_', '/').Replace("-", "%", StringComparison.Ordinal))
            )
            : null;
    }

    private static string? Decoded(string segment)
    {
        var text = segment.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var length))
            return null;
        var decoded = Encoding.UTF8.GetString(bytes, 0, length);
        if (Address(decoded) is { } address)
            return address;
        if (!decoded.StartsWith('{'))
            return null;
        try
        {
            using var json = JsonDocument.Parse(decoded, new JsonDocumentOptions { MaxDepth = 8 });
            foreach (var member in json.RootElement.EnumerateObject())
                if (member.Value.ValueKind == JsonValueKind.String && Address(member.Value.GetString()!) is { } value)
                    return value;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // It only looked like JSON.
        }

        return null;
    }

    private static string? Address(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? Uri.TryCreate(text, UriKind.Absolute, out _)
                ? text
                : null
            : null;

    private static string Unescape(string text) => Uri.UnescapeDataString(text);

    [GeneratedRegex(
        "(?<=/)https?(?::|%3A)(?:/|%2F){1,2}[^/].*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex InPath();

    [GeneratedRegex("/v3/__(?<url>https?:/.+?)__;", RegexOptions.CultureInvariant)]
    private static partial Regex DefendedNow();

    [GeneratedRegex("[?&]u=(?<url>https?-3A[^&]+)", RegexOptions.CultureInvariant)]
    private static partial Regex DefendedBefore();
}
