using System.Globalization;
using System.Text;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Parser.Trending;

/// <summary>Lines that belong together: a title or an abstract; or a place to report only.</summary>
internal sealed class Block(int firstLine, int lastLine, string text, List<ReportedPlace>? notes)
{
    /// <summary>From this length on a block is an abstract without further question.</summary>
    public const int SurelyAbstract = 400;

    private double? score;

    public string Text { get; } = text;

    /// <summary>How much it looks like an abstract, see <see cref="BlockScore"/>.</summary>
    public double Score => score ??= BlockScore.Of(Text);

    public List<ReportedPlace>? Notes { get; } = notes;

    /// <summary>Set where the block is no part of a paper: why.</summary>
    public string? Problem { get; init; }

    public bool IsAnchor => Problem is null && Text.Length >= SurelyAbstract;

    public string Position =>
        firstLine == lastLine
            ? string.Create(CultureInfo.InvariantCulture, $"line {firstLine}")
            : string.Create(CultureInfo.InvariantCulture, $"lines {firstLine}-{lastLine}");

    public ReportedPlace Report(string reason) => new(Position, reason, Rejections.Excerpt(Text));
}

/// <summary>Puts the lines of a block together.</summary>
internal sealed class BlockBuilder(Wrapping wrapping)
{
    private readonly StringBuilder _text = new();
    private List<ReportedPlace>? _notes;
    private int _first;
    private TextLine _last;
    private bool _full;

    public bool IsEmpty => _first == 0;

    public bool Takes(in FramedLine next) =>
        !next.BlankBefore && !IsEmpty && wrapping.Continues(_last.Text, next.Line.Text);

    public void Add(TextLine line)
    {
        if (IsEmpty)
            _first = line.Number;
        else
            Append(wrapping.Between(_last.Text, line.Text));
        Append(line.Text);
        _last = line;
        if (line.Cut)
            Note(line, $"line {Number(line)} is longer than 256 KiB: cut");
        if (line.Invalid)
            Note(line, $"line {Number(line)} has bytes that are not UTF-8: save the page as UTF-8 and ingest it again");
    }

    public Block Build()
    {
        var text = _text.ToString();
        if (_full)
            (_notes ??= []).Add(
                new Block(_first, _last.Number, text, null).Report("paragraph is longer than 256 KiB: cut")
            );
        var block = new Block(_first, _last.Number, text, _notes)
        {
            Problem = text.Any(char.IsLetter) ? null : "no letter in it: neither title nor abstract",
        };
        _text.Clear();
        (_notes, _first, _full) = (null, 0, false);
        return block;
    }

    private static string Number(TextLine line) => line.Number.ToString(CultureInfo.InvariantCulture);

    private void Append(string text)
    {
        var room = Math.Min(text.Length, DigestText.LongestLine - _text.Length);
        _full |= room < text.Length;
        _text.Append(text, 0, room);
    }

    private void Note(TextLine line, string reason) =>
        (_notes ??= []).Add(new ReportedPlace($"line {Number(line)}", reason, Rejections.Excerpt(line.Text)));
}
