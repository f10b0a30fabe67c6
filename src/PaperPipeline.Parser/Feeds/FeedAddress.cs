namespace PaperPipeline.Parser.Feeds;

/// <summary>Addresses as feeds have them.</summary>
internal static class FeedAddress
{
    private const int Longest = 2048;

    /// <summary>An address of the web.</summary>
    public static bool IsWeb(string? value) => Web(value) is not null;

    /// <summary>The host of an address, in lower case and without <c>www.</c>; null where it is no address of the web.</summary>
    public static string? Host(string? value)
    {
        if (Web(value) is not { } address)
            return null;
        var host = address.IdnHost.ToLowerInvariant();
        return host.StartsWith("www.", StringComparison.Ordinal) && host.Length > 4 ? host[4..] : host;
    }

    /// <summary>The address, from where it is relative to; as it is written where it cannot be told.</summary>
    public static string Resolve(string value, params ReadOnlySpan<string?> around)
    {
        value = value.Trim();
        if (value.Length is 0 or > Longest || IsAbsolute(value))
            return value;
        foreach (var from in around)
        {
            if (from is null)
                continue;
            value = Web(from) is { } address
                ? Uri.TryCreate(address, value, out var absolute)
                    ? absolute.AbsoluteUri
                    : value
                : IsAbsolute(from) || from.Length > Longest
                    ? value
                    // One that is relative itself leads from the next one around it.
                    : Uri.TryCreate(new Uri(new Uri("http://relative/"), from), value, out var joined)
                        ? joined.AbsoluteUri["http://relative".Length..]
                        : value;
            if (IsAbsolute(value))
                return value;
        }

        return value;
    }

    private static bool IsAbsolute(string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        return colon > 1 && value.AsSpan(0, colon).IndexOfAny('/', '?', '#') < 0;
    }

    private static Uri? Web(string? value) =>
        value is { Length: > 0 and <= Longest }
        && Uri.TryCreate(value.Trim(), UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? address
            : null;
}
