using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PaperPipeline.Storage.Text;

/// <summary>An arXiv identifier (arxiv.org/help/arxiv_identifier) in normal form.</summary>
/// <param name="Id">Without version and subject class, such as <c>2410.24164</c> or <c>math/0309136</c>.</param>
/// <param name="Version">The version, from 1, where one was given.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ArxivId(string Id, int? Version)
{
    private const string DoiPrefix = "10.48550/arxiv.";

    private static readonly FrozenSet<string> Archives = new[]
    {
        "acc-phys",
        "adap-org",
        "alg-geom",
        "ao-sci",
        "astro-ph",
        "atom-ph",
        "bayes-an",
        "chao-dyn",
        "chem-ph",
        "cmp-lg",
        "comp-gas",
        "cond-mat",
        "cs",
        "dg-ga",
        "funct-an",
        "gr-qc",
        "hep-ex",
        "hep-lat",
        "hep-ph",
        "hep-th",
        "math",
        "math-ph",
        "mtrl-th",
        "nlin",
        "nucl-ex",
        "nucl-th",
        "patt-sol",
        "physics",
        "plasm-ph",
        "q-alg",
        "q-bio",
        "quant-ph",
        "solv-int",
        "supr-con",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// Reads a text that is nothing but an identifier: plain, behind <c>arXiv:</c> or <c>oai:arXiv.org:</c>, or as a DOI of
    /// arXiv's. Addresses are read by <see cref="PaperIds"/>.
    /// </summary>
    public static bool TryParse(string? text, out ArxivId id)
    {
        id = default;
        if (text is null)
            return false;
        var rest = text.AsSpan().Trim();
        foreach (var prefix in (ReadOnlySpan<string>)["oai:arXiv.org:", "arXiv:", DoiPrefix])
        {
            if (rest.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                rest = rest[prefix.Length..].TrimStart();
                break;
            }
        }

        return TryRead(rest, out id, out var length) && length == rest.Length;
    }

    /// <summary>
    /// Reads an identifier that a text begins with, and says how long it is; false where the text begins with none, or with
    /// one that goes on, so that nothing cut off is taken for the identifier of another paper.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<char> text, out ArxivId id, out int length)
    {
        id = default;
        length = 0;
        var normal = Modern(text, out var end) ?? Old(text, out end);
        if (
            normal is null
            || (end < text.Length && char.IsAsciiLetterOrDigit(text[end]) && text[end] is not ('v' or 'V'))
        )
            return false;
        int? version = null;
        if (end < text.Length && text[end] is 'v' or 'V' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))
        {
            var digits = Digits(text[(end + 1)..]);
            if (digits > 3)
                return false;
            version = int.Parse(text.Slice(end + 1, digits), CultureInfo.InvariantCulture);
            if (version == 0)
                return false;
            end += 1 + digits;
        }

        if (end < text.Length && char.IsAsciiLetterOrDigit(text[end]))
            return false;
        id = new ArxivId(normal, version);
        length = end;
        return true;
    }

    // YYMM.NNNN until 1412, YYMM.NNNNN from 1501.
    private static string? Modern(ReadOnlySpan<char> text, out int end)
    {
        end = 0;
        if (Digits(text) != 4 || text.Length < 9 || text[4] != '.' || !IsMonth(text))
            return null;
        var number = Digits(text[5..]);
        var month = int.Parse(text[..4], CultureInfo.InvariantCulture);
        if (month < 704 || number != (month < 1501 ? 4 : 5))
            return null;
        end = 5 + number;
        return text[..end].ToString();
    }

    private static string? Old(ReadOnlySpan<char> text, out int end)
    {
        end = 0;
        var slash = text.IndexOf('/');
        if (slash is < 2 or > 20 || Digits(text[(slash + 1)..]) != 7 || !IsMonth(text[(slash + 1)..]))
            return null;
        var archive = text[..slash];
        var dot = archive.IndexOf('.');
        if (dot >= 0)
        {
            // A subject class, as in math.GT, is no part of the normal form.
            if (archive[dot..].Length is not 3 || !char.IsAsciiLetter(archive[^1]) || !char.IsAsciiLetter(archive[^2]))
                return null;
            archive = archive[..dot];
        }

        var name = archive.ToString().ToLowerInvariant();
        if (!Archives.Contains(name))
            return null;
        end = slash + 8;
        return string.Concat(name, text[slash..end]);
    }

    private static bool IsMonth(ReadOnlySpan<char> text) => ((text[2] - '0') * 10) + text[3] - '0' is >= 1 and <= 12;

    private static int Digits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
