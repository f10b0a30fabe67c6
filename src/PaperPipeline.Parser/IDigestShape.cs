namespace PaperPipeline.Parser;

/// <summary>A form that digests come in. It is recognised by content, never by name.</summary>
public interface IDigestShape
{
    /// <summary>Name of the shape, as entries and reports have it.</summary>
    string Name { get; }

    /// <summary>Reads the text once and says whether it has this shape.</summary>
    Recognition Recognise(DigestText text);
}

/// <summary>A text that a shape has recognised, ready to be read.</summary>
public interface IRecognisedDigest
{
    /// <summary>The day that the digest itself gives, as seen from the day it was retrieved.</summary>
    DateOnly? Day(DateOnly retrieved);

    /// <summary>Entries and reported places in source order, streamed.</summary>
    IEnumerable<ParsedItem> Read(DigestContext context);
}

/// <summary>What a shape says of a text: the digest it sees there, or what it looked for in vain.</summary>
public sealed record Recognition(IRecognisedDigest? Digest, string LookedFor);
