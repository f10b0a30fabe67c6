using PaperPipeline.Contracts;

namespace PaperPipeline.Parser;

/// <summary>Collects entries for one message: at most 50, at most 256 KiB; an entry that alone is larger travels alone.</summary>
internal sealed class EntryChunk
{
    internal const int MaxEntries = 50;
    internal const int MaxBytes = 256 * 1024;

    private List<Entry> entries = [];
    private int bytes;

    public bool IsFullFor(Entry entry) =>
        entries.Count > 0 && (entries.Count == MaxEntries || bytes + EntryLimits.Size(entry) > MaxBytes);

    public void Add(Entry entry)
    {
        entries.Add(entry);
        bytes += EntryLimits.Size(entry);
    }

    public IReadOnlyList<Entry> Take()
    {
        var taken = entries;
        (entries, bytes) = ([], 0);
        return taken;
    }
}
