using System.Runtime.InteropServices;

namespace PaperPipeline.Cli;

/// <summary>
/// Keeps glibc from holding on to what SQLite and the runtime have freed: with an arena for each thread and a threshold
/// that grows by itself, a long run would keep some megabytes more than a short one. See mallopt(3).
/// </summary>
internal static class NativeMemory
{
    private const int TrimThreshold = -1;
    private const int ArenaMax = -8;

    public static void Trim()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = SetOption(ArenaMax, 2);
            _ = SetOption(TrimThreshold, 128 * 1024);
        }
        // Other C libraries have no such options, and need none.
        catch (Exception failure) when (failure is EntryPointNotFoundException or DllNotFoundException) { }
    }

#pragma warning disable SYSLIB1054 // a generated import would need unsafe code for two integers
    [DllImport("libc.so.6", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetOption(int option, int value);
#pragma warning restore SYSLIB1054
}
