using System.Security.Cryptography;
using System.Text;
using PaperPipeline.Enricher;
using PaperPipeline.Parser;
using PaperPipeline.ServiceDefaults.Settings;

namespace PaperPipeline.Cli;

/// <summary>
/// Remembers in the data directory which digests of a replay are done, a line each, so that it goes on after a stop. A line
/// that is lost or cut costs a digest replayed once more.
/// </summary>
internal sealed class ReplayJournal : IDisposable
{
    private readonly string path;
    private readonly StreamWriter writer;

    private ReplayJournal(string path)
    {
        this.path = path;
        Done = File.Exists(path) ? File.ReadLines(path).ToHashSet(StringComparer.Ordinal) : [];
        writer = new StreamWriter(path, append: true, new UTF8Encoding(false)) { NewLine = "\n", AutoFlush = true };
    }

    /// <summary>The digests that an earlier run has done.</summary>
    public IReadOnlySet<string> Done { get; }

    /// <summary>Opens the journal of this selection, by these versions, into this index.</summary>
    public static ReplayJournal Open(PipelineSettings settings, ReplaySelection selection, bool again)
    {
        var name =
            $"{selection.Name}\n{DigestParser.Version}\n{EntryEnricher.Version}\n{settings.Index?.Name}\n{settings.Index?.Prefix}\n{settings.Archive}";
        var folder = Directory.CreateDirectory(Path.Combine(settings.DataDir, "replays")).FullName;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        var file = Path.Combine(folder, Convert.ToHexStringLower(hash.AsSpan(0, 8)));
        if (again)
            File.Delete(file);
        return new ReplayJournal(file);
    }

    /// <summary>The digest is done.</summary>
    public void Add(string digest) => writer.WriteLine(digest);

    /// <summary>The replay is done: the next one begins anew.</summary>
    public void Complete()
    {
        writer.Dispose();
        File.Delete(path);
    }

    public void Dispose() => writer.Dispose();
}
