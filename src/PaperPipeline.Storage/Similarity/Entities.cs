using System.Net;
using System.Text.RegularExpressions;

namespace PaperPipeline.Storage.Similarity;

/// <summary>Characters for entities, which many catalogues hold: "G&amp;#252;nther", or "G &amp;#252; nther".</summary>
internal static partial class Entities
{
    /// <summary>Decodes them; an ampersand that begins none stays.</summary>
    public static string Decode(string text) =>
        text.Contains('&', StringComparison.Ordinal)
            ? Letter()
                .Replace(Named().Replace(text, Character), entity => Character("&" + entity.Groups["number"].Value))
            : text;

    private static string Character(Match entity) => Character(entity.Value);

    private static string Character(string entity) => WebUtility.HtmlDecode(entity);

    // Where words were told apart by what is no letter, blanks have come around it.
    [GeneratedRegex(
        @" ?&\s?(?<number>#x?[0-9a-fA-F]{2,6};) ?",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Letter();

    [GeneratedRegex(@"&[a-zA-Z]{2,8};", RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
