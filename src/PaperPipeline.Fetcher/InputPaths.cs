using System.IO.Enumeration;

namespace PaperPipeline.Fetcher;

/// <summary>Turns what a person typed (files, directories, globs, addresses) into single sources.</summary>
public static class InputPaths
{
    private static readonly EnumerationOptions Single = new()
    {
        AttributesToSkip = FileAttributes.System,
        IgnoreInaccessible = false,
    };

    /// <summary>Expands one argument, files ordered ordinally.</summary>
    /// <exception cref="FileNotFoundException">It does not exist, or no file matches; the message says which.</exception>
    public static IReadOnlyList<string> Expand(string argument)
    {
        if (DigestFetcher.IsUrl(argument) || argument == "-" || File.Exists(argument))
            return [argument];
        if (Directory.Exists(argument))
            return NotEmpty(FilesIn(argument), $"{argument} is a directory without files: put digests into it.");
        if (!IsPattern(argument))
            throw new FileNotFoundException($"{argument} does not exist: check the path.");
        return NotEmpty(Glob(argument), $"No file matches {argument}: check the pattern.");
    }

    /// <summary>All files below a directory, but those whose name begins with a dot, ordered ordinally.</summary>
    public static IReadOnlyList<string> FilesIn(string directory) =>
        [.. FoldersIn(directory).SelectMany(Files).Order(StringComparer.Ordinal)];

    private static List<string> Glob(string pattern)
    {
        var parts = pattern.Replace(Path.DirectorySeparatorChar, '/').Split('/');
        IEnumerable<string> folders = [pattern.StartsWith('/') ? "/" : ""];
        foreach (var part in parts[..^1].Where(part => part.Length > 0))
            folders = folders.SelectMany(folder => Folders(folder, part));
        var files =
            parts[^1] == "**"
                ? folders.SelectMany(FoldersIn).SelectMany(Files)
                : folders.SelectMany(folder => Matching(folder, parts[^1], Directory.EnumerateFiles));
        return [.. files.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Folders(string folder, string part) =>
        part == "**" ? FoldersIn(folder)
        : IsPattern(part) ? Matching(folder, part, Directory.EnumerateDirectories)
        : Directory.Exists(Path.Combine(folder, part)) ? [Path.Combine(folder, part)]
        : [];

    private static IEnumerable<string> Files(string folder) => Matching(folder, "*", Directory.EnumerateFiles);

    // Links are not followed: one that leads back up would have no end.
    private static IEnumerable<string> FoldersIn(string folder) =>
        Matching(folder, "*", Directory.EnumerateDirectories)
            .Where(inner => new DirectoryInfo(inner).LinkTarget is null)
            .SelectMany(FoldersIn)
            .Prepend(folder);

    // As in a shell, a name that begins with a dot is only meant by a pattern that does.
    private static IEnumerable<string> Matching(
        string folder,
        string part,
        Func<string, string, EnumerationOptions, IEnumerable<string>> enumerate
    ) =>
        enumerate(Here(folder), "*", Single)
            .Select(path => Path.GetFileName(path))
            .Where(name => FileSystemName.MatchesSimpleExpression(part, name, ignoreCase: false))
            .Where(name => part.StartsWith('.') || !name.StartsWith('.'))
            .Select(name => Path.Combine(folder, name));

    private static string Here(string folder) => folder.Length == 0 ? "." : folder;

    private static bool IsPattern(string text) => text.AsSpan().IndexOfAny('*', '?') >= 0;

    private static IReadOnlyList<string> NotEmpty(IReadOnlyList<string> files, string otherwise) =>
        files.Count > 0 ? files : throw new FileNotFoundException(otherwise);
}
