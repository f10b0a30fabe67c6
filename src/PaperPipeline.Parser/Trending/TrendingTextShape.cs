using PaperPipeline.Parser.Content;

namespace PaperPipeline.Parser.Trending;

/// <summary>The text of the trending papers page as copied from a browser: title and abstract in turn.</summary>
internal sealed class TrendingTextShape : IDigestShape
{
    public const string Source = "huggingface-trending";

    // Who has nothing of the page by then does not have it at all; and titles and abstracts are longer than this.
    private const int LinesLookedAt = 100_000;
    private const int ShortestPage = 40;

    public string Name => "huggingface-trending-text";

    public ContentKind Kinds => ContentKind.Text;

    public Recognition Recognise(DigestContent content)
    {
        var text = content.Text;
        var wrapping = new Wrapping();
        var (found, previous, paragraph, isPage) = (string.Empty, string.Empty, 0, false);
        DayLine? day = null;
        var (lines, characters) = (0, 0L);
        foreach (var framed in FramedLine.Of(text))
        {
            characters += framed.Line.Text.Length;
            if (++lines >= LinesLookedAt && found.Length == 0)
                break;
            if (lines >= LinesLookedAt && characters < (long)lines * ShortestPage)
                throw new InvalidDataException(
                    $"it begins like a page of papers, but has more than {LinesLookedAt} lines of fewer than {ShortestPage} characters"
                );
            if (found.Length == 0 && framed.Kind != FurnitureKind.None)
                found = framed.Line.Text;
            // A day stands in many texts; here it stands above abstracts.
            paragraph = framed.IsFurniture ? 0 : framed.Line.Text.Length + (framed.BlankBefore ? 0 : paragraph);
            isPage |= framed.Kind is FurnitureKind.Weak or FurnitureKind.Strong || paragraph >= Block.SurelyAbstract;
            if (previous.Length > 0 && !framed.BlankBefore && !framed.IsFurniture)
                wrapping.Note(previous);
            previous = framed.IsFurniture ? string.Empty : framed.Line.Text;
            if (day is null && framed.IsFurniture && DayLine.TryRead(framed.Line.Text, out var read))
                day = read;
        }

        wrapping.Settle();
        return isPage && found.Length > 0
            ? Recognition.Of(new TrendingText(text, wrapping, day), $"a line '{found}'")
            : Recognition.None(Furniture.Names);
    }
}

/// <summary>A trending page, ready to be read.</summary>
internal sealed class TrendingText(DigestText text, Wrapping wrapping, DayLine? day) : IRecognisedDigest
{
    public DateOnly? Day(DateOnly retrieved) => day?.Resolve(retrieved);

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        var papers = new PaperAssembler(context);
        foreach (var block in Blocks())
        {
            foreach (var item in papers.Add(block))
                yield return item;
        }

        foreach (var item in papers.End())
            yield return item;
    }

    private IEnumerable<Block> Blocks()
    {
        var builder = new BlockBuilder(wrapping);
        foreach (var framed in FramedLine.Of(text))
        {
            if (!builder.IsEmpty && (framed.IsFurniture || !builder.Takes(framed)))
                yield return builder.Build();
            if (!framed.IsFurniture)
                builder.Add(framed.Line);
            else if (Contradicts(framed.Line))
                yield return Contradiction(framed.Line);
        }

        if (!builder.IsEmpty)
            yield return builder.Build();
    }

    private bool Contradicts(TextLine line) =>
        DayLine.TryRead(line.Text, out var read)
        && day is { } first
        && (
            read.Month != first.Month || read.Day != first.Day || (read.Year ?? first.Year) != (first.Year ?? read.Year)
        );

    private static Block Contradiction(TextLine line) =>
        new(line.Number, line.Number, line.Text, null)
        {
            Problem = "another day than the first one of the digest: the first one counts for all its papers",
        };
}
