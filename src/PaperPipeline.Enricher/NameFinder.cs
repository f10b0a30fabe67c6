using System.Collections.Frozen;

namespace PaperPipeline.Enricher;

/// <summary>Finds a system's own name in a clean title.</summary>
public static class NameFinder
{
    private const int MaxLength = 60;

    private static readonly FrozenSet<string> LeadIns = new[]
    {
        "Abstract",
        "Addendum",
        "Announcement",
        "Appendix",
        "Benchmark",
        "Chapter",
        "Comment",
        "Commentary",
        "Corrigendum",
        "Correction",
        "Discussion",
        "Editorial",
        "Erratum",
        "Explainer",
        "Foreword",
        "Introducing",
        "Introduction",
        "Invited",
        "Lecture",
        "Note",
        "Opinion",
        "Overview",
        "Part",
        "Perspective",
        "Position",
        "Poster",
        "Preface",
        "Preprint",
        "Proceedings",
        "Rebuttal",
        "Reply",
        "Report",
        "Response",
        "Retracted",
        "Retraction",
        "Review",
        "Section",
        "Survey",
        "Tutorial",
        "Update",
        "Viewpoint",
        "Volume",
        "Workshop",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>All capitals or with digits, yet nobody's name.</summary>
    private static readonly FrozenSet<string> CommonTerms = new[]
    {
        "2D",
        "3D",
        "4D",
        "A",
        "AGI",
        "AI",
        "API",
        "AR",
        "ASR",
        "CNN",
        "CNNs",
        "CPU",
        "DNN",
        "DNNs",
        "EEG",
        "FL",
        "GAN",
        "GANs",
        "GNN",
        "GNNs",
        "GPU",
        "GPUs",
        "IoT",
        "LLM",
        "LLMs",
        "LSTM",
        "ML",
        "MLLM",
        "MLLMs",
        "MLOps",
        "MRI",
        "NLP",
        "OCR",
        "PDE",
        "PDEs",
        "PINN",
        "PINNs",
        "QA",
        "RAG",
        "RGB",
        "RL",
        "RNN",
        "RNNs",
        "SGD",
        "VAE",
        "VAEs",
        "VLM",
        "VLMs",
        "VR",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The name before the first colon or, alone, behind the last one; null when there is none.</summary>
    public static string? Find(string title)
    {
        ArgumentNullException.ThrowIfNull(title);
        var colon = title.IndexOf(": ", StringComparison.Ordinal);
        if (colon > 0 && Leading(title[..colon].Trim()) is { } leading)
        {
            return leading;
        }

        var last = title.LastIndexOf(" : ", StringComparison.Ordinal);
        if (last > 0)
        {
            var tail = title[(last + 3)..].Trim();
            if (tail.Length <= MaxLength && !tail.Contains(' ', StringComparison.Ordinal) && IsSystemLike(tail))
            {
                return tail;
            }
        }

        return null;
    }

    private static string? Leading(string part)
    {
        if (part.Length is 0 or > MaxLength || !part.Any(char.IsLetterOrDigit))
        {
            return null;
        }

        var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (LeadIns.Contains(words[0]))
        {
            return null;
        }

        if (words.Length == 1)
        {
            return part;
        }

        var capital = words.All(w => char.IsUpper(w[0]) || char.IsDigit(w[0]) || IsSystemLike(w));
        return words.Length <= 3 && capital && (IsSystemLike(words[0]) || IsVersion(words[^1])) ? part : null;
    }

    private static bool IsSystemLike(string word)
    {
        if (CommonTerms.Contains(word) || !word.Any(char.IsLetter))
        {
            return false;
        }

        // A capital that begins a hyphenated part, as in End-To-End, is no internal one.
        for (var i = 1; i < word.Length; i++)
        {
            if (char.IsDigit(word[i]) || (char.IsUpper(word[i]) && char.IsLetterOrDigit(word[i - 1])))
            {
                return true;
            }
        }

        return char.IsDigit(word[0]);
    }

    private static bool IsVersion(string word)
    {
        var digits = word[0] is 'v' or 'V' ? word[1..] : word;
        return digits.Length is > 0 and <= 4
            && char.IsAsciiDigit(digits[0])
            && digits.All(c => char.IsAsciiDigit(c) || c == '.');
    }
}
