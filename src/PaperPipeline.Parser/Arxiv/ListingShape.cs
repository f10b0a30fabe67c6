using System.Text.RegularExpressions;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Parser.Arxiv;

/// <summary>
/// arXiv's listing mail, and its <c>.abs</c> records, which have the same form: records between lines of two backslashes. The
/// grammar was read off the listings themselves.
/// </summary>
internal sealed partial class ListingShape : IDigestShape
{
    public string Name => "arxiv-listing";

    // A listing that was saved with its headers looks like a mail.
    public ContentKind Kinds => ContentKind.Text;

    public Recognition Recognise(DigestContent content)
    {
        var record = Record().Match(content.Head);
        return record.Success
            ? Recognition.Of(new Listing(content), $"a record that begins with '{Folding.Fold(record.Value)}'")
            : Recognition.None("a line of two backslashes before a line 'arXiv:...'");
    }

    [GeneratedRegex(
        @"^[ \t]*\\\\[ \t]*\r?\n[ \t]*(?:arXiv|Paper)(?: \(\*cross-listing\*\))?:[ \t]*\S+",
        RegexOptions.Multiline | RegexOptions.CultureInvariant
    )]
    private static partial Regex Record();
}
