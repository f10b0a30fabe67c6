using System.Globalization;
using PaperPipeline.Parser.Content;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Parser;

/// <summary>Reads a digest: looks what it is, finds its shape and streams what it holds.</summary>
public sealed class DigestParser
{
    /// <summary>Version of the reading; it grows with every change of what is read from the same bytes.</summary>
    public const int Version = 6;

    /// <summary>How deep digests may lie in digests, such as a mail that was forwarded as a mail.</summary>
    internal const int Deepest = 8;

    private readonly IReadOnlyList<IDigestShape> shapes;

    /// <summary>A parser of all shapes.</summary>
    /// <param name="options">Limits of a digest.</param>
    public DigestParser(ParserOptions? options = null)
    {
        Options = options ?? new ParserOptions();
        shapes = DigestShapes.All(this);
    }

    /// <summary>Limits of a digest.</summary>
    internal ParserOptions Options { get; }

    /// <summary>Recognises the digest. <paramref name="open"/> gives a new stream of the same bytes at each call.</summary>
    /// <exception cref="UnreadableDigestException">The bytes are no digest.</exception>
    public ParsedDigest Parse(Func<Stream> open, DigestContext context)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(context);
        var content = new DigestContent(open, context.MediaType);
        var (shape, digest, reason) = Recognise(content);
        var day = context.StatedDay ?? digest.Day(context.Seen) ?? DigestDates.OfName(context.Name, context.Seen);
        return new ParsedDigest(
            shape.Name,
            reason,
            day,
            DigestReading.Of(shape.Name, content, Read(content, digest, context), context, day, Options)
        );
    }

    /// <summary>
    /// Recognises a digest that is part of another one, such as what a mail holds. Its items are as its shape gives them, but
    /// for their positions, which begin with the part's: <c>part 2, line 5</c>.
    /// </summary>
    /// <param name="content">The part.</param>
    /// <param name="context">The digest around it, with what is known of the part; the part lies one deeper.</param>
    /// <param name="part">The position of the part, such as <c>part 2</c>.</param>
    /// <exception cref="UnreadableDigestException">The part has the shape of no known digest, or lies too deep.</exception>
    internal ParsedDigest ParsePart(DigestContent content, DigestContext context, string part)
    {
        if (context.Depth >= Deepest)
            throw new UnreadableDigestException($"digests lie more than {Deepest} deep in one another", "");
        var inner = context with { Depth = context.Depth + 1 };
        var (shape, digest, reason) = Recognise(content);
        var day = context.StatedDay ?? digest.Day(context.Seen);
        return new ParsedDigest(shape.Name, reason, day, Items());

        IEnumerable<ParsedItem> Items()
        {
            if (content.EncodingNote is { } note)
                yield return Within(note);
            foreach (var item in Read(content, digest, inner))
                yield return item switch
                {
                    ReportedPlace place => Within(place),
                    ParsedEntry { Entry.Day: null } entry => new ParsedEntry(entry.Entry with { Day = day }),
                    _ => item,
                };
        }

        ReportedPlace Within(ReportedPlace place) => place with { Position = $"{part}, {place.Position}" };
    }

    private IEnumerable<ParsedItem> Read(DigestContent content, IRecognisedDigest digest, DigestContext context)
    {
        var entries = 0;
        foreach (var item in digest.Read(context))
        {
            if (content.Kind == ContentKind.Html && item is ParsedEntry && ++entries > Options.MaxPageEntries)
            {
                yield return new ReportedPlace(
                    DigestReading.After(Options.MaxPageEntries),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"more than {Options.MaxPageEntries} entries in one page: {RejectionReasons.Split}; the rest is not read"
                    ),
                    ""
                );
                yield break;
            }

            yield return item;
        }

        if (content.Text.HasMore)
            yield return new ReportedPlace(
                string.Create(CultureInfo.InvariantCulture, $"line {DigestText.MostLines}"),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"more than {DigestText.MostLines} lines: {RejectionReasons.Split}; the rest is not read"
                ),
                ""
            );
    }

    private (IDigestShape Shape, IRecognisedDigest Digest, string Reason) Recognise(DigestContent content)
    {
        var lookedFor = new List<string>();
        foreach (var shape in shapes)
        {
            if (!shape.Kinds.HasFlag(content.Kind))
                continue;
            var recognition = Recognise(shape, content);
            if (recognition.Digest is { } digest)
                return (shape, digest, $"{ContentSniffer.Name(content.Kind)} with {recognition.Reason}");
            lookedFor.Add($"{shape.Name}: {recognition.Reason}");
        }

        var what = content.Kind switch
        {
            ContentKind.Json or ContentKind.JsonLines => $" ({content.Json.Describe()})",
            ContentKind.Xml => $" ({content.Xml.Describe()})",
            _ => "",
        };
        var tried = lookedFor.Count == 0 ? "" : $"; looked for and not found: {string.Join("; ", lookedFor)}";
        throw new UnreadableDigestException(
            $"{RejectionReasons.UnknownShape}{ContentSniffer.Name(content.Kind)}{what} that is no known digest{tried}",
            content.Text.Beginning()
        );
    }

    private static Recognition Recognise(IDigestShape shape, DigestContent content)
    {
        try
        {
            return shape.Recognise(content);
        }
        catch (InvalidDataException refused)
        {
            throw new UnreadableDigestException(refused.Message, content.Text.Beginning());
        }
    }
}
