using MimeKit;

namespace PaperPipeline.Parser.Mail;

/// <summary>A message (RFC 5322): what its header says of it, and its body.</summary>
internal sealed class MailMessage
{
    /// <summary>Its header fields, in order.</summary>
    public required IReadOnlyList<Header> Headers { get; init; }

    /// <summary>Its body; null where it broke off before there was one.</summary>
    public MailPart? Body { get; set; }

    /// <summary>Its subject, decoded.</summary>
    public string? Subject => Headers.FirstOrDefault(h => h.Id == HeaderId.Subject)?.Value;

    /// <summary>When it says that it was sent (UTC).</summary>
    public DateTimeOffset? Sent => DigestDates.Read(Headers.FirstOrDefault(h => h.Id == HeaderId.Date)?.Value);
}

/// <summary>A part of a message: one that holds others, one that holds a message, or a leaf.</summary>
/// <param name="type">Its media type.</param>
/// <param name="headers">Its header fields.</param>
internal sealed class MailPart(ContentType type, IReadOnlyList<Header> headers)
{
    /// <summary>Its media type.</summary>
    public ContentType Type { get; } = type;

    /// <summary>The parts in it, in order.</summary>
    public List<MailPart> Children { get; } = [];

    /// <summary>The message in it.</summary>
    public MailMessage? Message { get; set; }

    /// <summary>Its content, as it was sent.</summary>
    public ReadOnlyMemory<byte> Content { get; set; }

    /// <summary>The line that ends a part which holds others is missing.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>How its content is encoded, as its header says.</summary>
    public ContentEncoding Encoding =>
        Field(HeaderId.ContentTransferEncoding)?.Split(';')[0].Trim().ToLowerInvariant() switch
        {
            "base64" => ContentEncoding.Base64,
            "quoted-printable" => ContentEncoding.QuotedPrintable,
            "x-uuencode" or "uuencode" or "x-uue" => ContentEncoding.UUEncode,
            "7bit" or "8bit" or "binary" => ContentEncoding.EightBit,
            _ => ContentEncoding.Default,
        };

    /// <summary>It is named as a file, or meant to be saved as one.</summary>
    public bool IsAttachment =>
        Field(HeaderId.ContentDisposition) is { } disposition
        && ContentDisposition.TryParse(disposition, out var parsed)
        && (parsed.IsAttachment || parsed.FileName is { Length: > 0 });

    private string? Field(HeaderId id) => headers.FirstOrDefault(h => h.Id == id)?.Value;
}
