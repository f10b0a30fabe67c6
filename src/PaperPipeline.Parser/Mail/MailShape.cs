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
        LookedAt? looked = null;
        try
        {
            var (message, latest) = (MessageTree.Of(first.Bytes), new LatestPart());
            sent = message.Sent;
            // Nobody's context: only whether there is anything.
            found = new MessageReading(parser, message, Looking(sent ?? DateTimeOffset.UnixEpoch), "", latest).Look();
            if (!isMany)
                looked = new(first, message, latest);
        }
        catch (InvalidDataException broken)
        {
            trouble = broken.Message;
        }

        if (found is { Rank: > 0 })
            return Recognition.Of(
                new MailDigest(parser, content, looked, sent is null ? null : found.Day, sent),
                $"{(isMany ? "message 1, " : "")}{found.Position}: {found.Shape}, {found.Reason}"
            );
        if (isMany)
            return Recognition.Of(new MailDigest(parser, content, null, null, null), "a mailbox of several messages");
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

/// <summary>A message that was looked at, and need not be read again.</summary>
/// <param name="Item">Its bytes.</param>
/// <param name="Message">Its parts.</param>
/// <param name="Latest">What was looked at in it.</param>
internal sealed record LookedAt(MailboxMessage Item, MailMessage Message, LatestPart Latest);

/// <summary>The mail, or mailbox, ready to be read.</summary>
/// <param name="parser">Reads what is in it.</param>
/// <param name="content">Its content.</param>
/// <param name="looked">The only message; null for a mailbox of many.</param>
/// <param name="day">The day of what it holds.</param>
/// <param name="sent">When it was sent.</param>
internal sealed class MailDigest(
    DigestParser parser,
    DigestContent content,
    LookedAt? looked,
    DateOnly? day,
    DateTimeOffset? sent
) : IRecognisedDigest
{
    public DateOnly? Day(DateOnly retrieved) =>
        looked is null ? null
        : day is { } stated && stated <= retrieved.AddDays(2) ? stated
        : sent is { } date && DateOnly.FromDateTime(date.UtcDateTime) is var when && when <= retrieved.AddDays(2) ? when
        : null;

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        foreach (var item in looked is null ? new Mailbox(content.OpenBytes).Messages() : [looked.Item])
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

            var place = looked is null ? string.Create(CultureInfo.InvariantCulture, $"message {item.Number}, ") : "";
            var message = looked?.Message;
            ReportedPlace? trouble = null;
            try
            {
                message ??= MessageTree.Of(item.Bytes);
            }
            catch (InvalidDataException broken)
            {
                trouble = new ReportedPlace($"{place}the mail", broken.Message, "");
            }

            if (message is not null)
                foreach (var read in Reading(message, context, place).Read())
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

    private MessageReading Reading(MailMessage message, DigestContext context, string place) =>
        new(parser, message, context, place, looked?.Latest ?? new LatestPart());
}
