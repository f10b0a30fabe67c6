using System.Globalization;
using System.Text;

namespace PaperPipeline.Storage.Text;

/// <summary>One pass over a text that replaces the TeX it knows; linear in the length of the text.</summary>
internal sealed class TexScanner
{
    private const int MaxDepth = 30;
    private const int MaxMath = 1000;

    private readonly string text;
    private readonly int[] match;
    private readonly bool hasTex;
    private bool quoteOpen;

    public TexScanner(string text)
    {
        this.text = text;
        hasTex = text.AsSpan().IndexOfAny('\\', '$') >= 0;
        match = new int[text.Length];
        Array.Fill(match, -1);
        var open = new Stack<int>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '{')
            {
                open.Push(i);
            }
            else if (text[i] == '}' && open.TryPop(out var start))
            {
                match[start] = i;
            }
        }
    }

    public string Run()
    {
        var result = new StringBuilder(text.Length);
        Render(0, text.Length, false, 0, result);
        return result.ToString();
    }

    private string Render(int start, int end, bool math, int depth)
    {
        var result = new StringBuilder();
        Render(start, end, math, depth, result);
        return result.ToString();
    }

    private void Render(int start, int end, bool math, int depth, StringBuilder result)
    {
        if (depth > MaxDepth)
        {
            result.Append(text, start, end - start);
            return;
        }

        var i = start;
        while (i < end)
        {
            i = Next(i, end, math, depth, result);
        }
    }

    private int Next(int i, int end, bool math, int depth, StringBuilder result)
    {
        var address = Addresses.LengthAt(text, i);
        if (address > 0 && i + address <= end)
        {
            result.Append(text, i, address);
            return i + address;
        }

        var c = text[i];
        switch (c)
        {
            case '\\':
                return Command(i, end, math, depth, result);
            case '{':
                return Group(i, end, math, depth, result);
            case '$' when !math:
                return Math(i, end, depth, result);
            case '^' or '_' when math:
                return Script(i, end, depth, result);
            case '~' when math || IsTie(i, end):
                result.Append(' ');
                return i + 1;
            case '`' when !math && IsPair(i, end, '`'):
                quoteOpen = true;
                result.Append('“');
                return i + 2;
            case '\'' when !math && quoteOpen && IsPair(i, end, '\''):
                quoteOpen = false;
                result.Append('”');
                return i + 2;
        }

        return !math && char.IsLetterOrDigit(c) ? Word(i, end, depth, result) : Copy(i, result);
    }

    private int Copy(int i, StringBuilder result)
    {
        result.Append(text[i]);
        return i + 1;
    }

    private bool IsTie(int i, int end) =>
        hasTex
        && i > 0
        && i + 1 < end
        && (char.IsLetter(text[i - 1]) || text[i - 1] is '.' or '}')
        && (char.IsLetterOrDigit(text[i + 1]) || text[i + 1] is '\\' or '$' or '{');

    private bool IsPair(int i, int end, char c) =>
        i + 1 < end && text[i + 1] == c && (i + 2 >= end || text[i + 2] != c) && (i == 0 || text[i - 1] != c);

    // ---- math

    private int Math(int i, int end, int depth, StringBuilder result)
    {
        var size = i + 1 < end && text[i + 1] == '$' ? 2 : 1;
        var from = i + size;
        var limit = System.Math.Min(end, from + MaxMath);
        var to = from;
        while (to < limit && text[to] != '$')
        {
            to += text[to] == '\\' ? 2 : 1;
        }

        if (to >= limit || to == from || (size == 2 && (to + 1 >= end || text[to + 1] != '$')))
        {
            result.Append('$', size);
            return from;
        }

        var content = text.AsSpan(from, to - from);
        var spaced = content[0] == ' ' || content[^1] == ' ';
        var price = size == 1 && to + 1 < end && char.IsAsciiDigit(text[to + 1]) && char.IsAsciiDigit(content[0]);
        if (price || (spaced && content.IndexOfAny('\\', '^', '_') < 0))
        {
            result.Append('$', size);
            return from;
        }

        MathSpan(from, to, "$$"[..size], "$$"[..size], depth, result);
        return to + size;
    }

    private void MathSpan(int from, int to, string open, string close, int depth, StringBuilder result)
    {
        var inner = Render(from, to, true, depth + 1);
        if (inner.Contains('\\', StringComparison.Ordinal))
        {
            result.Append(open).Append(inner).Append(close);
        }
        else
        {
            result.Append(inner);
        }
    }

    private int Script(int i, int end, int depth, StringBuilder result)
    {
        var argument = Argument(i + 1, end, true, depth, out var next);
        if (argument is null)
        {
            return Copy(i, result);
        }

        AppendScript(argument.Trim(), text[i] == '^', result);
        return next;
    }

    private static void AppendScript(string argument, bool superscript, StringBuilder result)
    {
        if (TexScripts.Convert(argument, superscript) is { } script)
        {
            result.Append(script);
        }
        else if (argument.Length == 1 || argument.All(char.IsLetterOrDigit))
        {
            result.Append(superscript ? '^' : '_').Append(argument);
        }
        else
        {
            result.Append(superscript ? "^{" : "_{").Append(argument).Append('}');
        }
    }

    // ---- words of ordinary text

    private int Word(int i, int end, int depth, StringBuilder result)
    {
        var stop = i;
        while (stop < end && char.IsLetterOrDigit(text[stop]))
        {
            stop++;
        }

        var word = text[i..stop];
        var free = i == 0 || text[i - 1] is not ('_' or '\\' or '/' or '.' or '@' or '^');
        if (free && stop + 1 < end && text[stop] is '^' or '_' && Base(word) is { } name)
        {
            var superscript = text[stop] == '^';
            var next = TextScript(stop + 1, end, superscript, name, depth, out var argument);
            if (next > 0 && (superscript || !char.IsAsciiDigit(name[0])))
            {
                result.Append(name);
                AppendScript(argument, superscript, result);
                return next;
            }
        }

        result.Append(word);
        return stop;
    }

    /// <summary>What a sub- or superscript may belong to: one letter, a Greek name, ell or a number.</summary>
    private static string? Base(string word) =>
        word switch
        {
            "ell" => "ℓ",
            { Length: 1 } => word,
            _ when TexSymbols.Greek.TryGetValue(word, out var letter) => letter,
            _ when word.All(char.IsAsciiDigit) => word,
            _ => null,
        };

    private int TextScript(int i, int end, bool superscript, string name, int depth, out string argument)
    {
        argument = "";
        if (text[i] == '{')
        {
            if (match[i] < 0 || match[i] >= end || match[i] - i > 20)
            {
                return 0;
            }

            argument = Render(i + 1, match[i], true, depth + 1).Trim();
            return TexScripts.Convert(argument, superscript) is null ? 0 : match[i] + 1;
        }

        var stop = i;
        if (superscript && text[i] == '-')
        {
            stop++;
        }

        var digits = stop;
        while (stop < end && char.IsAsciiDigit(text[stop]))
        {
            stop++;
        }

        if (stop > digits)
        {
            argument = text[i..stop];
            var joined =
                stop < text.Length && (text[stop] == '_' || (!superscript && char.IsLetterOrDigit(text[stop])));
            return joined ? 0 : stop;
        }

        while (stop < end && char.IsAsciiLetter(text[stop]))
        {
            stop++;
        }

        var word = text[i..stop];
        var free = stop >= text.Length || !(text[stop] == '_' || char.IsLetterOrDigit(text[stop]));
        if (string.Equals(name, "ℓ", StringComparison.Ordinal) && free)
        {
            argument = string.Equals(word, "infty", StringComparison.Ordinal) ? "∞" : word;
            return argument.Length == 1 ? stop : 0;
        }

        return 0;
    }

    // ---- braces

    private int Group(int i, int end, bool math, int depth, StringBuilder result)
    {
        var close = match[i];
        if (close < 0 || close >= end)
        {
            return Copy(i, result);
        }

        var content = text.AsSpan(i + 1, close - i - 1);
        if (!math && TexSymbols.Bare.TryGetValue(content.Length > 12 ? "" : content.ToString(), out var symbol))
        {
            result.Append(symbol);
            return close + 1;
        }

        var drop = math || IsTexGroup(content, i, close);
        if (!drop)
        {
            result.Append('{');
        }

        Render(i + 1, close, math, depth + 1, result);
        if (!drop)
        {
            result.Append('}');
        }

        return close + 1;
    }

    private bool IsTexGroup(ReadOnlySpan<char> content, int open, int close)
    {
        if (content.Length > 200)
        {
            return false;
        }

        if (content.Contains('\\') || content.IsEmpty)
        {
            return hasTex;
        }

        foreach (var c in content)
        {
            if (!char.IsLetterOrDigit(c) && c != '-')
            {
                return false;
            }
        }

        var joined =
            (open > 0 && char.IsAsciiLetterOrDigit(text[open - 1]))
            || (close + 1 < text.Length && char.IsAsciiLetterOrDigit(text[close + 1]));
        return joined || (content.Length > 1 && char.IsUpper(content[0]));
    }

    // ---- commands

    private int Command(int i, int end, bool math, int depth, StringBuilder result)
    {
        if (i + 1 >= end)
        {
            return Copy(i, result);
        }

        var c = text[i + 1];
        return char.IsAsciiLetter(c) ? Named(i, end, math, depth, result) : Sign(i, end, c, math, depth, result);
    }

    private int Sign(int i, int end, char c, bool math, int depth, StringBuilder result)
    {
        switch (c)
        {
            case '%' or '&' or '_' or '#' or '$' or '{' or '}':
                result.Append(c);
                return i + 2;
            case ',' or ';' or ':' or ' ' or '\\' or '>':
                result.Append(' ');
                return i + 2;
            case '-' or '!' or '/' or '@':
                return i + 2;
            case '|':
                result.Append('‖');
                return i + 2;
            case '(' or '[' when !math:
                var close = c == '(' ? @"\)" : @"\]";
                var to = text.IndexOf(close, i + 2, System.Math.Min(MaxMath, end - i - 2), StringComparison.Ordinal);
                if (to < 0)
                {
                    break;
                }

                MathSpan(i + 2, to, text.Substring(i, 2), close, depth, result);
                return to + 2;
        }

        if (TexAccents.Signs.TryGetValue(c, out var mark))
        {
            var next = Accent(i + 2, end, mark, math, depth, result);
            if (next > 0)
            {
                return next;
            }
        }

        result.Append('\\').Append(c);
        return i + 2;
    }

    private int Named(int i, int end, bool math, int depth, StringBuilder result)
    {
        var stop = i + 1;
        while (stop < end && stop - i < 40 && char.IsAsciiLetter(text[stop]))
        {
            stop++;
        }

        var name = text[(i + 1)..stop];
        if (TexAccents.Words.TryGetValue(name, out var mark))
        {
            var next = Accent(stop, end, mark, math, depth, result);
            if (next > 0)
            {
                return next;
            }
        }

        if (TexSymbols.Letters.TryGetValue(name, out var letter))
        {
            result.Append(letter);
            return Skip(stop, end, true);
        }

        if (TexSymbols.Greek.TryGetValue(name, out var symbol) || TexSymbols.Symbols.TryGetValue(name, out symbol))
        {
            result.Append(symbol);
            return Skip(stop, end, false);
        }

        if (TexSymbols.Functions.Contains(name))
        {
            result.Append(name);
            return stop;
        }

        if (TexSymbols.Spaces.Contains(name))
        {
            result.Append(' ');
            return stop;
        }

        if (TexSymbols.Declarations.Contains(name))
        {
            return Skip(stop, end, true);
        }

        return WithArguments(i, stop, end, name, math, depth, result);
    }

    private int WithArguments(int i, int stop, int end, string name, bool math, int depth, StringBuilder result)
    {
        int next;
        if (TexSymbols.Formats.Contains(name))
        {
            var inner = Argument(
                stop,
                end,
                math && !name.StartsWith("text", StringComparison.Ordinal),
                depth,
                out next
            );
            if (inner is not null)
            {
                var board = name is "mathbb" or "mathds" ? TexSymbols.Blackboard.GetValueOrDefault(inner) : null;
                result.Append(board ?? inner);
                return next;
            }
        }
        else if (
            name is "frac" or "tfrac" or "dfrac" or "href" or "sqrt" or "textcolor"
            && stop < end
            && text[stop] is not '['
            && Argument(stop, end, math, depth, out next) is { } first
        )
        {
            if (name is "sqrt")
            {
                result.Append('√').Append(Part(first));
                return next;
            }

            if (Argument(next, end, math, depth, out next) is { } second)
            {
                _ = name switch
                {
                    "textcolor" => result.Append(second),
                    "href" => result.Append(second).Append(" (").Append(first).Append(')'),
                    _ => result.Append(Part(first)).Append('/').Append(Part(second)),
                };
                return next;
            }

            result.Append(text, i, stop - i).Append('{').Append(first).Append('}');
            return next;
        }

        result.Append(text, i, stop - i);
        while (stop < end && text[stop] == '{' && match[stop] >= 0 && match[stop] < end)
        {
            result.Append('{');
            Render(stop + 1, match[stop], math, depth + 1, result);
            result.Append('}');
            stop = match[stop] + 1;
        }

        return stop;
    }

    private static string Part(string part) => part.All(char.IsLetterOrDigit) ? part : "(" + part + ")";

    /// <summary>Where the text goes on after a command that takes no argument.</summary>
    private int Skip(int i, int end, bool spaces)
    {
        if (i + 1 < end && text[i] == '{' && text[i + 1] == '}')
        {
            return i + 2;
        }

        if (spaces && i + 1 < end && text[i] == ' ' && char.IsLetter(text[i + 1]))
        {
            return i + 1;
        }

        return i;
    }

    /// <summary>The rendered argument that begins here: a group, a command or one character; null when there is none.</summary>
    private string? Argument(int i, int end, bool math, int depth, out int next)
    {
        next = i;
        if (i < end && text[i] == ' ')
        {
            i++;
        }

        if (i >= end || depth > MaxDepth)
        {
            return null;
        }

        switch (text[i])
        {
            case '{' when match[i] >= 0 && match[i] < end:
                next = match[i] + 1;
                return Render(i + 1, match[i], math, depth + 1);
            case '\\' when i + 1 < end:
                var inner = new StringBuilder();
                next = Command(i, end, math, depth + 1, inner);
                return inner.ToString();
            case '{' or '}' or '\\' or '$' or '^' or '_' or ' ':
                return null;
        }

        next = i + (char.IsHighSurrogate(text[i]) && i + 1 < end ? 2 : 1);
        return text[i..next];
    }

    private int Accent(int i, int end, char mark, bool math, int depth, StringBuilder result)
    {
        var word = i > 0 && char.IsAsciiLetter(text[i - 1]);
        if (i < end && text[i] == ' ' && !word)
        {
            return 0;
        }

        var argument = Argument(i, end, math, depth, out var next);
        if (string.IsNullOrEmpty(argument))
        {
            return 0;
        }

        var first = argument[0] switch
        {
            'ı' => 'i',
            'ȷ' => 'j',
            var c => c,
        };
        var single = argument.Length == 1 || argument.AsSpan(1).IndexOfAnyExceptInRange('\u0300', '\u036F') < 0;
        if (!char.IsLetter(first) || argument.Contains('\\', StringComparison.Ordinal))
        {
            // What was rendered once is not rendered again: nested groups would double the work at each level.
            var start = i;
            while (text[start] != '\\' || start == i)
            {
                start--;
            }

            var group =
                text[next - 1] == '}' && match[System.Math.Min(i + (text[i] == ' ' ? 1 : 0), next - 1)] == next - 1;
            result.Append(text, start, i - start);
            _ = group ? result.Append('{').Append(argument).Append('}') : result.Append(argument);
            return next;
        }

        if (!single && math)
        {
            result.Append(argument);
            return next;
        }

        var accented = string.Create(CultureInfo.InvariantCulture, $"{first}{mark}").Normalize(NormalizationForm.FormC);
        if (accented.Length > 1 && text[i] != '{' && !math)
        {
            return 0;
        }

        // A mark over a letter that has one already goes behind it.
        result.Append(argument.Length > 1 && single ? first + argument[1..] + mark : accented + argument[1..]);
        return next;
    }
}
