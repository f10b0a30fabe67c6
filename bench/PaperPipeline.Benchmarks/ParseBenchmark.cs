using System.Globalization;
using System.Runtime;
using PaperPipeline.Parser;

namespace PaperPipeline.Benchmarks;

/// <summary>How fast digests are read, by shape: the parser alone, from memory, in processor time and so per core.</summary>
internal static class ParseBenchmark
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(2);

    public static void Run(IEnumerable<string> paths)
    {
        var digests = paths
            .SelectMany(path =>
                Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories) : [path]
            )
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes)
            .GroupBy(Shape, StringComparer.Ordinal)
            .Where(g => g.Key.Length > 0)
            .OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var shape in digests)
            Console.WriteLine(Measure(shape.Key, [.. shape]));
    }

    private static string Measure(string shape, byte[][] digests)
    {
        // Until nothing more is compiled: what is run often is compiled anew beside it, in several steps.
        var (compiled, since) = (0L, Environment.CpuUsage.TotalTime);
        while (Environment.CpuUsage.TotalTime - since < Least)
        {
            foreach (var digest in digests)
                Read(digest);
            if (JitInfo.GetCompiledMethodCount() is var now && now != compiled)
                (compiled, since) = (now, Environment.CpuUsage.TotalTime);
        }

        var (rounds, papers, bytes) = (0, 0, 0L);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Environment.CpuUsage.TotalTime;
        while (Environment.CpuUsage.TotalTime - started < Least)
        {
            foreach (var digest in digests)
            {
                papers += Read(digest);
                bytes += digest.Length;
            }
            rounds++;
        }
        var time = (Environment.CpuUsage.TotalTime - started).TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{shape, -28} {bytes / 1e6 / time, 7:0.0} MB/s {papers / time, 9:#,0} papers/s {allocated / Math.Max(1, papers), 9:#,0} bytes allocated a paper ({digests.Length} digests, {papers / rounds} papers)"
        );
    }

    private static int Read(byte[] digest) => Parse(digest).Items.Count(item => item is ParsedEntry);

    private static string Shape(byte[] digest)
    {
        try
        {
            return Parse(digest).Shape;
        }
        catch (UnreadableDigestException)
        {
            return "";
        }
    }

    private static ParsedDigest Parse(byte[] digest) =>
        new DigestParser().Parse(
            () => new MemoryStream(digest),
            new DigestContext
            {
                Digest = new string('0', 64),
                RetrievedAt = DateTimeOffset.UnixEpoch,
                TraceId = new string('0', 32),
            }
        );
}
