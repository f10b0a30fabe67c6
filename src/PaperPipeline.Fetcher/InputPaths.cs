using Microsoft.Extensions.FileSystemGlobbing;
using Microsoft.Extensions.FileSystemGlobbing.Abstractions;

namespace PaperPipeline.Fetcher;

/// <summary>Turns what a person typed (files, directories, globs, addresses) into single sources.</summary>
public static class InputPaths
{
    private static readonly EnumerationOptions Recursive = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 64,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
    };

    /// <summary>Expands one argument, files ordered ordinally.</summary>
    /// <exception cref="FileNotFoundException">It does not exist, or no file matches; the message says which.</exception>
    public static IReadOnlyList<string> Expand(string argument)
    {
        if (DigestFetcher.IsUrl(argument) || argument == "-" || File.Exists(argument))
            return [argument];
        if (Directory.Exists(argument))
            return NotEmpty(FilesIn(argument), $"{argument} is a directory without files: put digests into it.");
        if (argument.AsSpan().IndexOfAny('*', '?') < 0)
            throw new FileNotFoundException($"{argument} does not exist: check the path.");
        return NotEmpty(Glob(argument), $"No file matches {argument}: check the pattern.");
    }

    /// <summary>All files below a directory, but those whose name begins with a dot, ordered ordinally.</summary>
    public static IReadOnlyList<string> FilesIn(string directory) =>
        [
            .. Directory
                .EnumerateFiles(directory, "*", Recursive)
                .Where(path =>
                    !Path.GetRelativePath(directory, path).Split('/', '\\').Any(part => part.StartsWith('.'))
                )
                .Order(StringComparer.Ordinal),
        ];

    private static List<string> Glob(string pattern)
    {
        var parts = pattern.Replace('\\', '/').Split('/');
        var literal = parts.TakeWhile(part => part.AsSpan().IndexOfAny('*', '?') < 0).Count();
        var folder =
            literal == 0 ? "."
            : string.Join('/', parts[..literal]) is { Length: > 0 } path ? path
            : "/";
        if (!Directory.Exists(folder))
            return [];
        var matcher = new Matcher(StringComparison.Ordinal);
        matcher.AddInclude(string.Join('/', parts[literal..]));
        return
        [
            .. matcher
                .Execute(new DirectoryInfoWrapper(new DirectoryInfo(folder)))
                .Files.Select(match => Path.Combine(folder, match.Path))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static IReadOnlyList<string> NotEmpty(IReadOnlyList<string> files, string otherwise) =>
        files.Count > 0 ? files : throw new FileNotFoundException(otherwise);
}
