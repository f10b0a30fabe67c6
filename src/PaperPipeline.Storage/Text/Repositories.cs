namespace PaperPipeline.Storage.Text;

/// <summary>Addresses of code repositories.</summary>
public static class Repositories
{
    private static readonly string[] Hosts = ["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"];

    /// <summary><c>owner/name</c> of a repository's address; null where it is the address of something else.</summary>
    public static string? NameOf(string? address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
            return null;
        var host = uri.Host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? uri.Host[4..] : uri.Host;
        if (!Hosts.Contains(host, StringComparer.OrdinalIgnoreCase))
            return null;
        var path = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path.Length < 2)
            return null;
        var name = path[1].EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? path[1][..^4] : path[1];
        return name.Length > 0 ? $"{path[0]}/{name}" : null;
    }
}
