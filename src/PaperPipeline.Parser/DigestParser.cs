using PaperPipeline.Parser.Trending;

namespace PaperPipeline.Parser;

/// <summary>Reads a digest: checks that it is text, finds its shape and streams what it holds.</summary>
public sealed class DigestParser
{
    /// <summary>Version of the reading; it grows with every change of what is read from the same bytes.</summary>
    public const int Version = 1;

    private readonly IDigestShape[] _shapes = [new TrendingTextShape()];

    /// <summary>Recognises the digest. <paramref name="open"/> gives a new stream of the same bytes at each call.</summary>
    /// <exception cref="UnreadableDigestException">The bytes are no digest.</exception>
    public ParsedDigest Parse(Func<Stream> open, DigestContext context)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(context);
        var text = new DigestText(open);
        text.ThrowIfUnreadable();
        var lookedFor = new List<string>();
        foreach (var shape in _shapes)
        {
            var recognition = shape.Recognise(text);
            if (recognition.Digest is { } digest)
            {
                var retrieved = DateOnly.FromDateTime(context.RetrievedAt.UtcDateTime);
                var day = context.StatedDay ?? digest.Day(retrieved);
                return new ParsedDigest(shape.Name, day, digest.Read(context));
            }

            lookedFor.Add($"{shape.Name}: {recognition.LookedFor}");
        }

        throw new UnreadableDigestException(
            $"the text has the shape of no known digest; looked for and not found: {string.Join("; ", lookedFor)}",
            text.Beginning()
        );
    }
}
