namespace PaperPipeline.Cli;

/// <summary>One writer at a time on a data directory. The system frees the lock when the process ends, however it ends.</summary>
internal sealed class DataLock : IDisposable
{
    private readonly FileStream file;

    private DataLock(FileStream file) => this.file = file;

    /// <summary>Creates the directory where missing, and takes the lock.</summary>
    /// <exception cref="WorkFailedException">Another process has it, or the directory cannot be written to.</exception>
    public static DataLock Take(string dataDir)
    {
        Stores.RequireDirectory(dataDir);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(dataDir);
            else
                Directory.CreateDirectory(
                    dataDir,
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                );
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(dataDir, failure);
        }
        var path = Path.Combine(dataDir, "lock");
        try
        {
            return new DataLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        // EWOULDBLOCK on Linux (11) and macOS (35), ERROR_SHARING_VIOLATION on Windows.
        catch (IOException taken) when (taken.HResult is 11 or 35 or unchecked((int)0x80070020))
        {
            throw new WorkFailedException(
                $"Another paperpipeline process is writing to {dataDir}: wait for it, or choose another --data-dir."
            );
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(dataDir, failure);
        }
    }

    public void Dispose() => file.Dispose();

    private static WorkFailedException Unwritable(string dataDir, Exception failure) =>
        new(
            $"Cannot write to the data directory {dataDir}: {failure.Message.TrimEnd('.')}. Fix the rights or choose another --data-dir."
        );
}
