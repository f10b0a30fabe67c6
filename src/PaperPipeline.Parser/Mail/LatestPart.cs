namespace PaperPipeline.Parser.Mail;

/// <summary>
/// What a part holds, kept until another one is looked at: mostly the part that is looked at last is the one that is read.
/// </summary>
internal sealed class LatestPart
{
    private MailPart? part;
    private PartContent? content;

    /// <summary>What the part holds.</summary>
    public PartContent Of(MailPart wanted)
    {
        if (part != wanted || content is null)
        {
            // Of two large parts one is let go of before the other is taken.
            content = null;
            (part, content) = (wanted, PartContent.Of(wanted));
        }
        return content;
    }
}
