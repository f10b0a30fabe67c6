namespace PaperPipeline.Parser;

/// <summary>The digest as a whole is no digest; the message says in one sentence why.</summary>
public sealed class UnreadableDigestException(string reason, string excerpt) : Exception(reason)
{
    /// <summary>Why, in one sentence for a person.</summary>
    public string Reason { get; } = reason;

    /// <summary>How the digest begins, without addresses and personal links.</summary>
    public string Excerpt { get; } = Mail.PersonalText.Redact(excerpt);
}
