namespace PaperPipeline.Parser.Content;

/// <summary>What a digest's bytes are, before anything is known of their shape.</summary>
[Flags]
public enum ContentKind
{
    /// <summary>Plain text.</summary>
    Text = 1,

    /// <summary>One JSON value.</summary>
    Json = 2,

    /// <summary>A JSON value on each line.</summary>
    JsonLines = 4,

    /// <summary>XML.</summary>
    Xml = 8,

    /// <summary>HTML, and XHTML.</summary>
    Html = 16,

    /// <summary>A mail (RFC 5322), or a mailbox of many.</summary>
    Mail = 32,
}
