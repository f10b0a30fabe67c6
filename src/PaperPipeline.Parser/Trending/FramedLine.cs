namespace PaperPipeline.Parser.Trending;

/// <summary>A non-blank line with its place relative to the frame around the papers.</summary>
internal readonly record struct FramedLine(TextLine Line, bool BlankBefore, bool IsFurniture, FurnitureKind Kind)
{
    /// <summary>
    /// Tells furniture from text. At the top, before the first paper, each furniture line counts; later a weak one
    /// only next to another, and a day also where it stands alone between blank lines.
    /// </summary>
    public static IEnumerable<FramedLine> Of(DigestText text)
    {
        var (top, afterFurniture, blank) = (true, true, true);
        FramedLine? held = null;
        foreach (var line in text.Lines())
        {
            if (line.IsBlank)
            {
                blank = true;
                continue;
            }

            var kind = line.Cut ? FurnitureKind.None : Furniture.Of(line.Text);
            var current = new FramedLine(line, blank, false, kind);
            if (held is { } weak)
            {
                var alone = weak is { Kind: FurnitureKind.Day, BlankBefore: true } && blank;
                afterFurniture = kind != FurnitureKind.None || alone;
                yield return weak with
                {
                    IsFurniture = afterFurniture,
                };
                held = null;
            }

            blank = false;
            if (kind == FurnitureKind.None)
            {
                afterFurniture = false;
                top &= !line.Text.Any(char.IsLetter);
                yield return current;
            }
            else if (top || afterFurniture || kind == FurnitureKind.Strong)
            {
                afterFurniture = true;
                yield return current with
                {
                    IsFurniture = true,
                };
            }
            else
            {
                held = current;
            }
        }

        if (held is { } last)
            yield return last with
            {
                IsFurniture = last is { Kind: FurnitureKind.Day, BlankBefore: true },
            };
    }
}
