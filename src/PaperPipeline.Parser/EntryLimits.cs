using System.Text;
using PaperPipeline.Contracts;

namespace PaperPipeline.Parser;

/// <summary>Limits of an entry: no field larger than 256 KiB, no list longer than its limit.</summary>
internal static class EntryLimits
{
    /// <summary>Greatest size of a field, in bytes of UTF-8.</summary>
    public const int MaxField = 256 * 1024;

    // Lists hold short things: who exceeds this sends no list of names.
    private const int MaxItems = 20_000;

    /// <summary>The entry within the limits.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cut">What had to be cut, for a person; null where nothing had to be.</param>
    public static Entry Apply(Entry entry, out string? cut)
    {
        cut = null;
        if (Size(entry) <= MaxField)
            return entry;
        var names = new List<string>();
        entry = entry with
        {
            Title = Text("title", entry.Title)!,
            Abstract = Text("abstract", entry.Abstract),
            Authors = List("authors", entry.Authors),
            Affiliations = List("affiliations", entry.Affiliations),
            Categories = List("categories", entry.Categories),
            Comments = Text("comments", entry.Comments),
            JournalRef = Text("journalRef", entry.JournalRef),
            Licence = Text("licence", entry.Licence),
            Submitter = Text("submitter", entry.Submitter),
            Organization = Text("organization", entry.Organization),
            Language = Text("language", entry.Language),
            Extra = Values(entry.Extra),
        };
        if (names.Count > 0)
            cut = $"larger than 256 KiB and cut: {string.Join(", ", names)}";
        return entry;

        string? Text(string name, string? text)
        {
            if (text is null || text.Length <= MaxField / 4 || Encoding.UTF8.GetByteCount(text) <= MaxField)
                return text;
            names.Add(name);
            var (end, bytes) = (0, 0);
            foreach (var rune in text.EnumerateRunes())
            {
                if ((bytes += rune.Utf8SequenceLength) > MaxField)
                    break;
                end += rune.Utf16SequenceLength;
            }

            return text[..end];
        }

        List<string>? List(string name, IReadOnlyList<string>? items)
        {
            if (items is null)
                return null;
            var (kept, left) = (new List<string>(), MaxField);
            foreach (var item in items)
            {
                left -= Encoding.UTF8.GetByteCount(item);
                if (left < 0 || kept.Count == MaxItems)
                {
                    names.Add(name);
                    break;
                }

                kept.Add(item);
            }

            return kept;
        }

        Dictionary<string, string>? Values(IReadOnlyDictionary<string, string>? values) =>
            values?.ToDictionary(v => v.Key, v => Text(v.Key, v.Value)!, StringComparer.Ordinal);
    }

    /// <summary>About how many bytes of JSON the entry is.</summary>
    public static int Size(Entry entry)
    {
        // Text dominates; the fixed members take some 400 bytes.
        return 400 + Said(entry);
    }

    /// <summary>About how many bytes of it the source has said.</summary>
    public static int Said(Entry entry)
    {
        long size = Of(entry.Title) + Of(entry.Abstract) + Of(entry.Comments) + Of(entry.JournalRef);
        size += Of(entry.Licence) + Of(entry.Submitter) + Of(entry.Organization) + Of(entry.CodeUrl);
        size += All(entry.Authors) + All(entry.Affiliations) + All(entry.Categories);
        foreach (var link in entry.Links ?? [])
            size += Of(link.Url) + 30;
        if (entry.Extra is { } extra)
            foreach (var (name, value) in extra)
                size += Of(name) + Of(value) + 8;
        size += 60 * (entry.Versions?.Count ?? 0);
        return (int)Math.Min(size, int.MaxValue - 400);

        static long Of(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

        static long All(IReadOnlyList<string>? items)
        {
            var sum = 0L;
            for (var i = 0; i < (items?.Count ?? 0); i++)
                sum += Of(items![i]) + 3;
            return sum;
        }
    }
}
