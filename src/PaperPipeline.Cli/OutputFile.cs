namespace PaperPipeline.Cli;

/// <summary>Standard output, or a file that is replaced whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Writes to the file, or to standard output where none is named.</summary>
    /// <exception cref="WorkFailedException">The file cannot be written.</exception>
    public static async Task WriteAsync(string? path, Func<Stream, Task> write)
    {
        if (path is null)
        {
            await using var output = Console.OpenStandardOutput();
            await write(output);
            return;
        }
        var temporary = path + ".part";
        try
        {
            await using (var file = File.Create(temporary))
            {
                await write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"Cannot write {path}: {failure.Message.TrimEnd('.')}. Check --out.");
        }
    }
}
