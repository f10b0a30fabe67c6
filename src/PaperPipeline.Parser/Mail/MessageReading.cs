using System.Globalization;
using System.Text;
using PaperPipeline.Parser.Content;
using PaperPipeline.Parser.Newsletters;

namespace PaperPipeline.Parser.Mail;

/// <summary>What somebody who looks for a digest in a part finds.</summary>
/// <param name="Rank">0 for nothing, 1 for what is general, 2 for the shape of a certain source.</param>
/// <param name="Position">The part.</param>
/// <param name="Shape">The shape that was recognised.</param>
/// <param name="Reason">What it was recognised by, or why it was not.</param>
/// <param name="Excerpt">How the part begins.</param>
/// <param name="Day">The day of the digest.</param>
internal sealed record Found(int Rank, string Position, string Shape, string Reason, string Excerpt, DateOnly? Day);

/// <summary>
/// Reads one message: gives each part to the shape that recognises it, of alternatives only the one that says most, and
/// accounts for the rest. Nothing of its addresses and personal links comes out.
/// </summary>
internal sealed class MessageReading
{
    // Whoever forwards a digest writes a note, and lists add one too; a longer text is meant to be read.
    private const int LongestNote = 4000;

    private readonly DigestParser parser;
    private readonly MailMessage message;
    private readonly DigestContext context;
    private readonly string place;
    private readonly LatestPart latest;
    private readonly HashSet<string> addresses;
    private readonly Dictionary<MailPart, Found?> looked = [];
    private readonly List<ReportedPlace> notes = [];
    private bool found;
    private bool reported;

    public MessageReading(
        DigestParser parser,
        MailMessage message,
        DigestContext context,
        string place,
        LatestPart latest,
        IEnumerable<string>? around = null
    )
    {
        (this.parser, this.message, this.place, this.latest) = (parser, message, place, latest);
        var sent = message.Sent is { } date && date <= context.RetrievedAt.AddDays(2) ? date : context.SentAt;
        this.context = context with { SentAt = sent, Subject = message.Subject ?? context.Subject };
        addresses = new HashSet<string>(around ?? [], StringComparer.OrdinalIgnoreCase);
        foreach (var header in message.Headers.Take(500))
            if (header.Value is { Length: < 20_000 } value && value.Contains('@', StringComparison.Ordinal))
                addresses.UnionWith(PersonalText.AddressesIn(value));
    }

    /// <summary>True when something in it was recognised by those who have read it.</summary>
    public bool HasFound => found;

    /// <summary>Looks for a digest; null where there is not even a text.</summary>
    public Found? Look() => message.Body is { } body ? Look(body, Path(body, "")) : null;

    /// <summary>What the message holds.</summary>
    public IEnumerable<ParsedItem> Read() => Read("");

    private IEnumerable<ParsedItem> Read(string above)
    {
        if (message.Body is { } body)
            foreach (var item in Read(body, Path(body, above)))
                yield return item switch
                {
                    ParsedEntry { Entry: var entry } => new ParsedEntry(
                        PersonalText.Without(entry with { Day = entry.Day ?? Day }, addresses)
                    ),
                    ReportedPlace reportedPlace => reportedPlace with
                    {
                        Excerpt = PersonalText.RedactExcerpt(reportedPlace.Excerpt),
                    },
                    _ => item,
                };
        if (found)
            yield break;
        foreach (var note in notes)
            yield return note with
            {
                Excerpt = PersonalText.RedactExcerpt(note.Excerpt),
            };
        if (!reported && notes.Count == 0)
            yield return new ReportedPlace(
                above.Length == 0 ? $"{place}the mail" : At(above),
                "the mail holds nothing that is text",
                ""
            );
    }

    private DateOnly? Day => context.SentAt is { } sent ? DateOnly.FromDateTime(sent.UtcDateTime) : null;

    private IEnumerable<ParsedItem> Read(MailPart part, string path)
    {
        if (part.Message is { } inner)
        {
            foreach (var item in Inner(inner, path))
                yield return item;
        }
        else if (part.Type.IsMimeType("multipart", "encrypted"))
        {
            yield return Report(path, "it is encrypted");
        }
        else if (part.Type.IsMimeType("multipart", "alternative"))
        {
            var best = Enumerable
                .Range(0, part.Children.Count)
                .Select(i => (Index: i, Found: Look(part.Children[i], Number(path, i))))
                .OrderByDescending(c => c.Found?.Rank ?? -1)
                // The last one says most (RFC 2046, section 5.1.4).
                .ThenByDescending(c => c.Index)
                .FirstOrDefault();
            if (best.Found is not null)
                foreach (var item in Read(part.Children[best.Index], Number(path, best.Index)))
                    yield return item;
        }
        else if (part.Type.IsMimeType("multipart", "*"))
        {
            for (var i = 0; i < part.Children.Count; i++)
                foreach (var item in Read(part.Children[i], Number(path, i)))
                    yield return item;
        }
        else
        {
            foreach (var item in Leaf(part, path))
                yield return item;
        }

        if (part.IsCutOff)
            yield return Report(path, "the mail is cut off: the line that ends its parts is missing");
    }

    private IEnumerable<ParsedItem> Inner(MailMessage inner, string path)
    {
        if (context.Depth + 1 >= DigestParser.Deepest)
        {
            yield return Report(path, $"mails lie more than {DigestParser.Deepest} deep in one another");
            yield break;
        }

        var reading = Within(inner);
        foreach (var item in reading.Read(path))
            yield return item;
        found |= reading.HasFound;
        reported = true;
    }

    private MessageReading Within(MailMessage inner) =>
        new(parser, inner, context with { Depth = context.Depth + 1 }, place, latest, addresses);

    private IEnumerable<ParsedItem> Leaf(MailPart part, string path)
    {
        if (part.Content.IsEmpty || MailParts.IsFurniture(part.Type))
            yield break;
        if (MailParts.Unread(part.Type) is { } known)
        {
            yield return Report(path, known);
            yield break;
        }

        var content = latest.Of(part);
        if (content.Archive is { } archive)
        {
            yield return Report(
                path,
                $"an archive ({archive}) in a mail is not unpacked: unpack it and ingest what is in it"
            );
            yield break;
        }

        if (content.IsBinary)
        {
            yield return Report(path, $"what is attached as {MailParts.Name(part.Type)} is no text and is not read");
            yield break;
        }

        var (parsed, failure) = Parse(content, part, path);
        if (parsed is null)
        {
            if (failure is null)
                yield break;
            var unread = new ReportedPlace(At(path), failure.Reason, failure.Excerpt);
            if (part.IsAttachment || content.Bytes.Count > LongestNote)
                yield return Reported(unread);
            else
                notes.Add(unread);
            yield break;
        }

        found = true;
        foreach (var item in Guarded(parsed, At(path)))
            yield return item;
        if (content.IsCutOff)
            yield return Report(path, "it is cut off: its encoding ends in the middle of a letter");
    }

    private (ParsedDigest? Parsed, UnreadableDigestException? Failure) Parse(
        PartContent part,
        MailPart header,
        string path
    )
    {
        try
        {
            var content = part.Open();
            var forward = header.IsAttachment ? null : InlineForward.Of(content);
            var inner = forward is null
                ? context
                : context with
                {
                    Subject = forward.Subject ?? context.Subject,
                    SentAt = forward.Sent is { } sent && sent <= context.RetrievedAt.AddDays(2) ? sent : context.SentAt,
                };
            if (forward?.Text is { } text && TryForward(text, inner, path) is { } forwarded)
                return (forwarded, null);
            return (parser.ParsePart(content, inner, At(path)), null);
        }
        catch (UnreadableDigestException failure)
        {
            return (null, failure.Reason == "the digest is empty" ? null : failure);
        }
        catch (InvalidDataException failure)
        {
            return (null, new UnreadableDigestException(failure.Message, ""));
        }
    }

    private ParsedDigest? TryForward(string text, DigestContext inner, string path)
    {
        try
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var content = new DigestContent(
                () => new MemoryStream(bytes, writable: false),
                "text/plain; charset=utf-8"
            );
            return parser.ParsePart(content, inner, $"{At(path)}, forwarded mail");
        }
        catch (UnreadableDigestException)
        {
            // Perhaps what stands around it is the digest.
            return null;
        }
    }

    // What fails in one part harms no other.
    private static IEnumerable<ParsedItem> Guarded(ParsedDigest parsed, string at)
    {
        using var items = parsed.Items.GetEnumerator();
        for (var entries = 0; ; )
        {
            var (item, failure) = DigestReading.Next(items, entries);
            if (item is ParsedEntry)
                entries++;
            if (item is not null)
                yield return item;
            if (failure is not null)
                yield return failure with
                {
                    Position = $"{at}, {failure.Position}",
                };
            if (item is null)
                yield break;
        }
    }

    private Found? Look(MailPart part, string path)
    {
        if (looked.TryGetValue(part, out var before))
            return before;
        Found? best = null;
        if (part.Message is { } inner)
        {
            if (context.Depth + 1 < DigestParser.Deepest && inner.Body is { } body)
                best = Within(inner).Look(body, Path(body, path));
        }
        else if (part.Type.IsMimeType("multipart", "*"))
        {
            for (var i = 0; i < part.Children.Count && best is not { Rank: 2 }; i++)
                if (Look(part.Children[i], Number(path, i)) is { } one && one.Rank > (best?.Rank ?? -1))
                    best = one;
        }
        else
        {
            best = LookAtLeaf(part, path);
        }

        return looked[part] = best;
    }

    private Found? LookAtLeaf(MailPart part, string path)
    {
        if (part.Content.IsEmpty || MailParts.IsFurniture(part.Type) || MailParts.Unread(part.Type) is not null)
            return null;
        var content = latest.Of(part);
        if (content.Archive is not null || content.IsBinary)
            return null;
        var (parsed, failure) = Parse(content, part, path);
        return parsed is not null
                ? new Found(
                    parsed.Shape == NewsletterShape.ShapeName ? 1 : 2,
                    At(path),
                    parsed.Shape,
                    parsed.RecognisedBy,
                    "",
                    parsed.Day
                )
            : failure is not null
                ? new Found(0, At(path), "", failure.Reason, PersonalText.RedactExcerpt(failure.Excerpt), null)
            : null;
    }

    private ReportedPlace Report(string path, string reason) => Reported(new ReportedPlace(At(path), reason, ""));

    private ReportedPlace Reported(ReportedPlace unread)
    {
        reported = true;
        return unread;
    }

    private string At(string path) => path.Length == 0 ? $"{place}the mail" : $"{place}part {path}";

    // A body that holds others is no part of its own.
    private static string Path(MailPart body, string above) =>
        body.Type.IsMimeType("multipart", "*") ? above : Number(above, 0);

    private static string Number(string path, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}{(path.Length == 0 ? "" : ".")}{index + 1}");
}
