using System.Globalization;
using PaperPipeline.Parser.Content;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Parser.Mail;

/// <summary>
/// A mail, or a mailbox of many: what is in it is given to the shape that recognises it. A mail forwarded in a mail is read
/// like that mail.
/// </summary>
internal sealed class MailShape(DigestParser parser) : IDigestShape
{
    public string Name => "mail";

    public ContentKind Kinds => ContentKind.Mail;

    public Recognition Recognise(DigestContent content)
    {
        var mailbox = new Mailbox(content.OpenBytes);
        using var messages = mailbox.Messages().GetEnumerator();
        if (!messages.MoveNext())
            return Recognition.None("a message");
        var first = messages.Current;
        var isMany = messages.MoveNext();
        var (found, sent, trouble) = ((Found?)null, (DateTimeOffset?)null, "");
        try
        {
            var message = MessageTree.Of(first.Bytes);
            sent = message.Sent;
            // Nobody's context: only whether there is anything.
            found = new MessageReading(parser, message, Looking(sent ?? DateTimeOffset.UnixEpoch), "").Look();
        }
        catch (InvalidDataException broken)
        {
            trouble = broken.Message;
        }

        if (found is { Rank: > 0 })
            return Recognition.Of(
                new MailDigest(parser, content, isMany, sent is null ? null : found.Day, sent),
                $"{(isMany ? "message 1, " : "")}{found.Position}: {found.Shape}, {found.Reason}"
            );
        if (isMany)
            return Recognition.Of(new MailDigest(parser, content, true, null, null), "a mailbox of several messages");
        throw new UnreadableDigestException(
            trouble.Length > 0 ? $"the mail cannot be read: {trouble}"
                : found is null ? "the mail holds nothing that is text"
                : $"{RejectionReasons.UnknownMail}; {found.Position}: {found.Reason}",
            found?.Excerpt ?? ""
        );
    }

    private static DigestContext Looking(DateTimeOffset seen) =>
        new()
        {
            Digest = "",
            RetrievedAt = seen,
            TraceId = "",
        };
}

/// <summary>The mail, or mailbox, ready to be read.</summary>
internal sealed class MailDigest(
    DigestParser parser,
    DigestContent content,
    bool isMany,
    DateOnly? day,
    DateTimeOffset? sent
) : IRecognisedDigest
{
    public DateOnly? Day(DateOnly retrieved) =>
        isMany ? null
        : day is { } stated && stated <= retrieved.AddDays(2) ? stated
        : sent is { } date && DateOnly.FromDateTime(date.UtcDateTime) is var when && when <= retrieved.AddDays(2) ? when
        : null;

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        foreach (var item in new Mailbox(content.OpenBytes).Messages())
        {
            if (item.Number > parser.Options.MaxMessages)
            {
                yield return new ReportedPlace(
                    string.Create(CultureInfo.InvariantCulture, $"message {item.Number}"),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"more than {parser.Options.MaxMessages} messages: {RejectionReasons.Split}; the rest is not read"
                    ),
                    ""
                );
                yield break;
            }

            var place = isMany ? string.Create(CultureInfo.InvariantCulture, $"message {item.Number}, ") : "";
            MailMessage? message = null;
            ReportedPlace? trouble = null;
            try
            {
                message = MessageTree.Of(item.Bytes);
            }
            catch (InvalidDataException broken)
            {
                trouble = new ReportedPlace($"{place}the mail", broken.Message, "");
            }

            if (message is not null)
                foreach (var read in new MessageReading(parser, message, context, place).Read())
                    yield return read;
            if (trouble is not null)
                yield return trouble;
            if (item.IsCut)
                yield return new ReportedPlace(
                    $"{place}the end",
                    $"the mail is larger than {Mailbox.LargestMessage / 1024 / 1024} MiB: only its beginning was read",
                    ""
                );
        }
    }
}
