using System.Text;

namespace PaperPipeline.Tests.Parser;

/// <summary>Writes mails around invented digests.</summary>
internal static class Mails
{
    public const string Reader = "ada.reader+lists@mail.example.org";

    /// <summary>Whatever must not come out of a mail.</summary>
    public static readonly string[] Personal =
    [
        "ada.reader",
        "mail.example.org",
        "s3cr3t",
        "unsubscribe/",
        "bo.forwarder",
    ];

    public static string Message(
        string body,
        string type = "text/plain; charset=utf-8",
        string subject = "A digest",
        string fields = "",
        string date = "Tue, 6 Oct 2026 09:00:00 +0000"
    ) =>
        $"""
            Return-Path: <bounce-s3cr3t-ada.reader=mail.example.org@news.example.com>
            Received: from news.example.com by mail.example.org for <{Reader}>
            From: Lamp News <news@news.example.com>
            To: Ada Reader <{Reader}>
            Subject: {subject}
            Date: {date}
            Message-ID: <1@news.example.com>
            List-Unsubscribe: <https://news.example.com/unsubscribe/s3cr3t>
            MIME-Version: 1.0
            Content-Type: {type}{(fields.Length > 0 ? "\n" + fields : "")}

            {body}
            """.ReplaceLineEndings("\n");

    public static string Multipart(string kind, params string[] parts) =>
        Message(Parts(kind, parts), $"multipart/{kind}; boundary=\"b-{kind}\"");

    public static string Parts(string kind, params string[] parts) =>
        string.Concat(parts.Select(p => $"--b-{kind}\n{p}\n")) + $"--b-{kind}--\n";

    public static string Part(string body, string type = "text/plain; charset=utf-8", string fields = "") =>
        $"Content-Type: {type}{(fields.Length > 0 ? "\n" + fields : "")}\n\n{body}".ReplaceLineEndings("\n");

    public static string Base64(string text) =>
        Convert
            .ToBase64String(Encoding.UTF8.GetBytes(text), Base64FormattingOptions.InsertLineBreaks)
            .ReplaceLineEndings("\n");
}
