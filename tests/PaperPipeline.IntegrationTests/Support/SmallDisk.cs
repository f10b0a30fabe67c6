using System.Diagnostics;

namespace PaperPipeline.IntegrationTests.Support;

/// <summary>A disk of a few megabytes that really runs full. It takes the right to mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const string Filler = "filler";
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    /// <summary>True when a test was skipped for want of it.</summary>
    public static bool WasRefused { get; private set; }

    /// <summary>Puts such a disk in the place of a folder; skips the test where that is not allowed.</summary>
    public static SmallDisk Mount(string path, int megabytes)
    {
        Directory.CreateDirectory(path);
        WasRefused =
            !OperatingSystem.IsLinux() || !Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path);
        Assert.SkipWhen(WasRefused, "only Linux has disks in memory, and this user may not mount one");
        return new SmallDisk(path);
    }

    /// <summary>Makes it larger, as a person does who frees space.</summary>
    public void Grow(int megabytes) => Assert.True(Run("mount", "-o", $"remount,size={megabytes}m", _path));

    /// <summary>Fills it with something else, but for so many bytes.</summary>
    public void Fill(long left)
    {
        using var filler = File.Create(Path.Combine(_path, Filler));
        filler.Write(new byte[new DriveInfo(_path).AvailableFreeSpace - left]);
    }

    /// <summary>Takes that away again.</summary>
    public void Free() => File.Delete(Path.Combine(_path, Filler));

    public void Dispose() => Run("umount", "-l", _path);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false }
        )!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
