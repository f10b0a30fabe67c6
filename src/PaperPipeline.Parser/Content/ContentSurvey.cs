using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Parser.Content;

/// <summary>One pass over a text that tells whether it is one.</summary>
/// <param name="Problem">Why it cannot be read; null where it can.</param>
/// <param name="Decoded">Characters beyond ASCII.</param>
/// <param name="Undecodable">Bytes that are no text in its encoding.</param>
/// <param name="Line">The line of the first of them.</param>
/// <param name="Excerpt">What stands there.</param>
internal sealed record ContentSurvey(string? Problem, long Decoded, long Undecodable, int Line, string Excerpt)
{
    // Most of most digests.
    private static readonly System.Buffers.SearchValues<char> Plain = System.Buffers.SearchValues.Create(
        "\t\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
    );

    public static ContentSurvey Of(Func<TextReader> open, ContentKind kind)
    {
        using var reader = open();
        var buffer = new char[4 * 1024];
        long characters = 0,
            controls = 0,
            decoded = 0,
            undecodable = 0;
        var (line, first, excerpt) = (1, 0, "");
        int read;
        while ((read = reader.Read(buffer, 0, buffer.Length)) > 0)
        {
            var text = buffer.AsSpan(0, read);
            if (text.Contains('\0'))
                return new(
                    "binary file, not a text: save the page as plain text in UTF-8 and ingest that",
                    0,
                    0,
                    0,
                    ""
                );
            if (!text.ContainsAnyExcept(Plain))
            {
                var ends = text.Count('\n');
                line += ends;
                characters += text.Length - ends - text.Count(' ') - text.Count('\t') - text.Count('\r');
                continue;
            }

            for (var i = 0; i < text.Length; i++)
            {
                var c = text[i];
                if (c is > ' ' and < '\u007F')
                {
                    characters++;
                    continue;
                }

                if (c == '\n')
                    line++;
                if (c == DigestContent.Undecodable)
                {
                    if (undecodable++ == 0)
                        (first, excerpt) = (
                            line,
                            Rejections.Excerpt(Folding.Fold(text[Math.Max(0, i - 40)..]).Replace(c, '\uFFFD'))
                        );
                }
                else if (c > '\u007F')
                {
                    decoded++;
                }

                if (char.IsWhiteSpace(c) || c == '\uFEFF')
                    continue;
                characters++;
                if (char.IsControl(c))
                    controls++;
            }
        }

        var problem =
            characters == 0 ? "the digest is empty"
            // A mail may hold its escape sequences, but not only these.
            : controls * 10 > characters && kind != ContentKind.Mail
                ? "binary file, not a text: save the page as plain text in UTF-8 and ingest that"
            : null;
        return new(problem, decoded, undecodable, first, excerpt);
    }
}
