using MimeKit;

namespace PaperPipeline.Parser.Mail;

/// <summary>What the media types of parts mean to a reader of papers.</summary>
internal static class MailParts
{
    private static readonly HashSet<string> Pictures = new(StringComparer.OrdinalIgnoreCase)
    {
        "image",
        "audio",
        "video",
        "font",
    };

    private static readonly HashSet<string> Furniture = new(StringComparer.OrdinalIgnoreCase)
    {
        "text/css",
        "text/calendar",
        "text/vcard",
        "text/x-vcard",
        "text/directory",
        "text/rfc822-headers",
        "application/pgp-signature",
        "application/pgp-keys",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "message/delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
        "text/x-amp-html",
    };

    private static readonly Dictionary<string, string> NotRead = new(StringComparer.OrdinalIgnoreCase)
    {
        ["message/partial"] = "it is a piece of a mail that was split: put the pieces together and ingest the mail",
        ["message/external-body"] = "it says only where its content is",
        ["application/pkcs7-mime"] = "it is encrypted",
        ["application/x-pkcs7-mime"] = "it is encrypted",
        ["application/pgp-encrypted"] = "it is encrypted",
        ["application/ms-tnef"] = "it is packed as Outlook does (winmail.dat) and is not unpacked",
        ["application/vnd.ms-tnef"] = "it is packed as Outlook does (winmail.dat) and is not unpacked",
    };

    /// <summary>There is no paper in what is of this type.</summary>
    public static bool IsFurniture(ContentType type) =>
        Pictures.Contains(type.MediaType) || Furniture.Contains(type.MimeType);

    /// <summary>Why what is of this type is not read; null where it is.</summary>
    public static string? Unread(ContentType type) => NotRead.GetValueOrDefault(type.MimeType);

    /// <summary>The type, for a person.</summary>
    public static string Name(ContentType type) => type.MimeType.Length <= 80 ? type.MimeType : "an unknown type";
}
