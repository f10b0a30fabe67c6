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
        if (Web(value) is not { } address || Ascii(address) is not { } name)
            return null;
        var host = name.ToLowerInvariant();
        return host.StartsWith("www.", StringComparison.Ordinal) && host.Length > 4 ? host[4..] : host;
    }

    /// <summary>The address, from where it is relative to; as it is written where it cannot be told.</summary>
    /// <param name="value">The address.</param>
    /// <param name="around">What it is relative to, the nearest first; each may be relative to the next one.</param>
    public static string Resolve(string value, params ReadOnlySpan<string?> around)
    {
        value = value.Trim();
        if (value.Length is 0 or > Longest || IsAbsolute(value))
            return value;
        Uri? from = null;
        for (var i = around.Length - 1; i >= 0; i--)
            if (Web(around[i]) is { } address)
                from = address;
            else if (from is not null && around[i] is { Length: > 0 and <= Longest } inner && !IsAbsolute(inner))
                from = Uri.TryCreate(from, inner.Trim(), out var joined) ? joined : from;
        return from is not null && Uri.TryCreate(from, value, out var resolved) ? resolved.AbsoluteUri : value;
    }

    // Some names of hosts are found to be none only when they are converted.
    private static string? Ascii(Uri address)
    {
        try
        {
            return address.IdnHost;
        }
        catch (UriFormatException)
        {
            return null;
        }
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
