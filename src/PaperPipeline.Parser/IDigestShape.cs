using PaperPipeline.Parser.Content;

namespace PaperPipeline.Parser;

/// <summary>A form that digests come in. It is recognised by content, never by name.</summary>
public interface IDigestShape
{
    /// <summary>Name of the shape, as reports have it, such as <c>huggingface-trending-text</c>.</summary>
    string Name { get; }

    /// <summary>The kinds of content that it is looked for in.</summary>
    ContentKind Kinds { get; }

    /// <summary>Looks at content of one of its kinds and says whether it has this shape.</summary>
    Recognition Recognise(DigestContent content);
}

/// <summary>Content that a shape has recognised, ready to be read.</summary>
public interface IRecognisedDigest
{
    /// <summary>The day that the digest itself gives, as seen from the day it was retrieved (or sent, where it came by mail).</summary>
    DateOnly? Day(DateOnly retrieved);

    /// <summary>
    /// Entries and reported places in source order, streamed; each call reads the digest from its beginning. Ordinals are
    /// given later, texts cleaned and cut later: see <see cref="DigestReading"/>.
    /// </summary>
    IEnumerable<ParsedItem> Read(DigestContext context);
}

/// <summary>What a shape says of content.</summary>
/// <param name="Digest">The digest that it sees there; null where it sees none.</param>
/// <param name="Reason">What it recognised it by; or else what it looked for in vain. One phrase for a person.</param>
public sealed record Recognition(IRecognisedDigest? Digest, string Reason)
{
    /// <summary>It has the shape.</summary>
    public static Recognition Of(IRecognisedDigest digest, string recognisedBy) => new(digest, recognisedBy);

    /// <summary>It has not.</summary>
    public static Recognition None(string lookedFor) => new(null, lookedFor);
}
