using System.Globalization;
using System.Xml;
using PaperPipeline.Contracts;
using PaperPipeline.Parser.Content;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser;

/// <summary>
/// Completes what a shape reads, the same way for all: ordinals, the day, clean names, limits; positions that are told apart;
/// and whatever fails in the middle becomes a reported place, behind the entries that were read.
/// </summary>
internal static class DigestReading
{
    /// <summary>How many places of one digest are reported one by one; further ones are reported together.</summary>
    public const int MostPlaces = 1000;

    /// <summary>The completed items.</summary>
    public static IEnumerable<ParsedItem> Of(
        string shape,
        DigestContent content,
        IEnumerable<ParsedItem> read,
        DigestContext context,
        DateOnly? day,
        ParserOptions limits
    )
    {
        var (ordinal, size) = (0, 0L);
        var places = new Places(shape);
        var named = new NamedAgain(limits.MaxEntriesOfPaper);
        if (content.EncodingNote is { } note)
            yield return places.Add(note)!;
        using var items = read.GetEnumerator();
        while (true)
        {
            var (item, failure) = Next(items, ordinal);
            if (Exceeded(limits, item, ordinal, size, places.Count) is { } limit)
                (item, failure) = (null, new ReportedPlace(After(ordinal), $"{limit}; the rest is not read", ""));
            var place = item as ReportedPlace ?? failure;
            if (item is ParsedEntry { Entry: var found })
            {
                var entry = EntryLimits.Apply(Complete(found, context, day), out var cut);
                if (entry.Title.Length == 0)
                {
                    place = new ReportedPlace(After(ordinal), "a paper without a title", "");
                }
                else if (named.Exceeds(entry) is { } again)
                {
                    var reason = Message(
                        $"more than {limits.MaxEntriesOfPaper} entries of one paper, by {again}: {RejectionReasons.Split}"
                    );
                    place = new ReportedPlace(After(ordinal), reason, Rejections.Excerpt(entry.Title));
                }
                else
                {
                    size += EntryLimits.Said(entry);
                    yield return new ParsedEntry(entry with { Ordinal = ++ordinal });
                    if (cut is not null)
                        place = new ReportedPlace($"entry {ordinal}", cut, Rejections.Excerpt(entry.Title));
                }
            }

            if (item is null)
            {
                if (places.Further is { } further)
                    yield return further;
                if (place is not null)
                    yield return places.Report(place);
                yield break;
            }

            if (place is not null && places.Add(place) is { } reported)
                yield return reported;
        }
    }

    // Whoever sends more than real digests have would keep all stages busy for as long as he likes.
    private static string? Exceeded(ParserOptions limits, ParsedItem? item, int ordinal, long size, int places) =>
        item switch
        {
            ParsedEntry when ordinal >= limits.MaxEntries => Message(
                $"more than {limits.MaxEntries} entries: {RejectionReasons.Split}"
            ),
            ParsedEntry when ordinal >= limits.MaxTinyEntries && size < (long)limits.MinEntrySize * ordinal => Message(
                $"more than {limits.MaxTinyEntries} entries that say less than {limits.MinEntrySize} bytes each: {RejectionReasons.Split}"
            ),
            not null when places >= limits.MaxPlaces => Message($"{limits.MaxPlaces} places could not be read"),
            _ => null,
        };

    private static string Message(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // Trouble of the archive is no fault of the digest: the message is tried again.
    internal static (ParsedItem? Item, ReportedPlace? Failure) Next(IEnumerator<ParsedItem> items, int ordinal)
    {
        try
        {
            return (items.MoveNext() ? items.Current : null, null);
        }
        catch (Exception failure)
            when (failure is not (IOException or OperationCanceledException or OutOfMemoryException))
        {
            var reason = failure is UnreadableDigestException or InvalidDataException or XmlException
                ? failure.Message.ReplaceLineEndings(" ")
                : $"{failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}";
            return (
                null,
                new ReportedPlace(After(ordinal), $"the digest could not be read from here on: {reason}", "")
            );
        }
    }

    internal static string After(int ordinal) =>
        ordinal == 0 ? "the beginning" : string.Create(CultureInfo.InvariantCulture, $"after entry {ordinal}");

    private static Entry Complete(Entry entry, DigestContext context, DateOnly? day) =>
        entry with
        {
            Title = Folding.Fold(entry.Title),
            Abstract = entry.Abstract is { } text && Folding.Fold(text) is { Length: > 0 } folded ? folded : null,
            Day = context.StatedDay ?? entry.Day ?? day,
            DayStatedAt = context.StatedDay is null ? null : context.DayStatedAt,
            Authors = Names(entry.Authors),
            Affiliations = Distinct(Names(entry.Affiliations)),
            Categories = Distinct(entry.Categories?.Select(c => Folding.Fold(c))),
            Comments = Clean(entry.Comments),
            JournalRef = Clean(entry.JournalRef),
            Licence = Clean(entry.Licence),
            Submitter = Clean(entry.Submitter),
            Organization = Clean(entry.Organization),
            Links = entry.Links is { Count: > 0 } links ? links : null,
            Versions = entry.Versions is { Count: > 0 } versions ? versions : null,
            Extra = entry.Extra is { Count: > 0 } extra ? extra : null,
        };

    private static List<string>? Names(IReadOnlyList<string>? names) =>
        names?.Select(Clean).OfType<string>().ToList() is { Count: > 0 } all ? all : null;

    private static List<string>? Distinct(IEnumerable<string>? values) =>
        values?.Where(v => v.Length > 0).Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } all ? all : null;

    private static string? Clean(string? text) =>
        text is not null && CleanText.Clean(text) is { Length: > 0 } clean ? clean : null;

    /// <summary>Places of one digest: a dead letter is known by its position, so no two may have the same.</summary>
    private sealed class Places(string shape)
    {
        private readonly Dictionary<string, int> positions = new(StringComparer.Ordinal);
        private ReportedPlace? first;

        public int Count { get; private set; }

        public ReportedPlace? Add(ReportedPlace place)
        {
            if (++Count > MostPlaces)
            {
                first ??= place;
                return null;
            }

            return Report(place);
        }

        /// <summary>The place with a position of its own, however many there were.</summary>
        public ReportedPlace Report(ReportedPlace place)
        {
            positions.TryGetValue(place.Position, out var times);
            positions[place.Position] = times + 1;
            return place with
            {
                Position =
                    times == 0
                        ? place.Position
                        : string.Create(CultureInfo.InvariantCulture, $"{place.Position} ({times + 1})"),
                Excerpt = Mail.PersonalText.Redact(place.Excerpt),
                Shape = shape,
            };
        }

        public ReportedPlace? Further =>
            first is null
                ? null
                : first with
                {
                    Position = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{first.Position} and {Count - MostPlaces - 1} further places"
                    ),
                    Reason =
                        $"more than {MostPlaces} places could not be read; the first of the others: {first.Reason}",
                    Excerpt = Mail.PersonalText.Redact(first.Excerpt),
                    Shape = shape,
                };
    }
}
