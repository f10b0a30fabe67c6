namespace PaperPipeline.Parser.Trending;

/// <summary>Whether and where the lines of a text were wrapped, learnt from the lengths of its lines.</summary>
internal sealed class Wrapping
{
    private const int WidestWrap = 200;
    private const int Slack = 10;
    private readonly int[] _lengths = new int[WidestWrap + Slack + 2];
    private int _count;
    private int _width;
    private bool _breaksAtHyphens;

    /// <summary>Takes note of a line that another follows without a blank line.</summary>
    public void Note(string line)
    {
        _lengths[Math.Min(line.Length, _lengths.Length - 1)]++;
        _breaksAtHyphens |= HyphenAtEnd(line);
        _count++;
    }

    /// <summary>Ends the noting: a text is wrapped where most such lines are nearly as long as the longest.</summary>
    public void Settle()
    {
        var (left, width) = (_count * 95L / 100, 0);
        while (width < _lengths.Length - 1 && (left -= _lengths[width]) >= 0)
            width++;
        if (_count == 0 || width > WidestWrap)
            return;
        var full = 0L;
        for (var length = width * 3 / 4; length <= width + Slack; length++)
            full += _lengths[length];
        _width = full * 10 >= _count * 6L ? width : 0;
    }

    /// <summary>The next line goes on where this one was broken: its first word would not have fitted.</summary>
    public bool Continues(string line, string next) =>
        _width > 0
        && line.Length <= _width + Slack
        && next.Length <= _width + Slack
        && line.Length + Between(line, next).Length + (_breaksAtHyphens ? FirstFragment(next) : FirstWord(next).Length)
            > _width;

    /// <summary>What stands between the two parts of a broken text: a blank, or nothing after a hyphen or in a long word.</summary>
    public string Between(string line, string next)
    {
        if (HyphenAtEnd(line) && char.IsLetter(next[0]))
            return FirstWord(next) is "and" or "or" or "to" or "and/or" or "nor" or "vs." ? " " : string.Empty;
        if (
            line.EndsWith("--", StringComparison.Ordinal)
            && line.Length > 2
            && IsWordMark(line[^3])
            && char.IsLetterOrDigit(next[0])
        )
            return string.Empty;
        var lastWord = line.Length - 1 - line.LastIndexOf(' ');
        return line.Length >= _width && lastWord + FirstWord(next).Length > _width ? string.Empty : " ";
    }

    private static bool HyphenAtEnd(string line) => line.Length > 1 && line[^1] == '-' && char.IsLetter(line[^2]);

    private static bool IsWordMark(char c) =>
        char.IsLetterOrDigit(c) || "!\"'&.,?".Contains(c, StringComparison.Ordinal);

    private static ReadOnlySpan<char> FirstWord(string line)
    {
        var end = line.IndexOf(' ', StringComparison.Ordinal);
        return line.AsSpan(0, end < 0 ? line.Length : end);
    }

    private static int FirstFragment(string line)
    {
        var word = FirstWord(line);
        for (var i = 1; i < word.Length - 1; i++)
        {
            if (word[i] != '-')
                continue;
            if (word[i + 1] == '-' && IsWordMark(word[i - 1]))
                return i;
            var after =
                char.IsLetter(word[i + 1])
                && i + 2 < word.Length
                && (
                    char.IsLetter(word[i + 2])
                    || (word[i + 2] == '-' && i + 3 < word.Length && char.IsLetter(word[i + 3]))
                );
            var before =
                i >= 2
                && char.IsLetter(word[i - 1])
                && (char.IsLetter(word[i - 2]) || (word[i - 2] == '-' && i >= 3 && char.IsLetter(word[i - 3])));
            if (after && before)
                return i + 1;
        }

        return word.Length;
    }
}
