using System.Text.RegularExpressions;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Mail;

/// <summary>Keeps the addresses and personal links of a mail where they are: in the archive.</summary>
internal static partial class PersonalText
{
    private const string Address = "[address]";

    // An excerpt of this length was cut, perhaps in the middle of an address.
    private const int CutExcerpt = 499;

    /// <summary>A text without mail addresses, and with nothing of a link but its host, unless it is that of a paper.</summary>
    public static string Redact(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal) || text.Contains("www.", StringComparison.OrdinalIgnoreCase))
            text = AnyLink().Replace(text, link => IsPublic(link.Value) ? link.Value : Host(link.Value));
        return text.Contains('@', StringComparison.Ordinal) || text.Contains("%40", StringComparison.Ordinal)
            ? AnyAddress().Replace(text, Address)
            : text;
    }

    /// <summary>The excerpt of a mail without them; what it breaks off with may be the beginning of one.</summary>
    public static string RedactExcerpt(string excerpt) =>
        Redact(
            excerpt.Length >= CutExcerpt && excerpt.LastIndexOf(' ') is > 0 and var last
                ? excerpt[..last] + " …"
                : excerpt
        );

    /// <summary>The addresses in a text.</summary>
    public static IEnumerable<string> AddressesIn(string text) => AnyAddress().Matches(text).Select(m => m.Value);

    /// <summary>The entry without any of these addresses.</summary>
    public static Entry Without(Entry entry, IReadOnlySet<string> addresses)
    {
        if (addresses.Count == 0 || !MayHold(entry))
            return entry;
        return entry with
        {
            Title = Clean(entry.Title)!,
            Abstract = Clean(entry.Abstract),
            Comments = Clean(entry.Comments),
            JournalRef = Clean(entry.JournalRef),
            Submitter = Clean(entry.Submitter),
            Organization = Clean(entry.Organization),
            Authors = entry.Authors?.Select(a => Clean(a)!).ToList(),
            Affiliations = entry.Affiliations?.Select(a => Clean(a)!).ToList(),
            Links = entry.Links?.Where(l => Clean(l.Url) == l.Url).ToList(),
            CodeUrl = Clean(entry.CodeUrl) == entry.CodeUrl ? entry.CodeUrl : null,
            Extra = entry.Extra?.ToDictionary(e => e.Key, e => Clean(e.Value)!, StringComparer.Ordinal),
        };

        string? Clean(string? text)
        {
            if (text is null || !MayHoldAddress(text))
                return text;
            foreach (var address in addresses)
            {
                text = text.Replace(address, Address, StringComparison.OrdinalIgnoreCase);
                text = text.Replace(
                    address.Replace("@", "%40", StringComparison.Ordinal),
                    Address,
                    StringComparison.OrdinalIgnoreCase
                );
            }

            return text;
        }
    }

    private static bool MayHold(Entry entry) =>
        new[]
        {
            entry.Title,
            entry.Abstract,
            entry.Comments,
            entry.JournalRef,
            entry.Submitter,
            entry.Organization,
            entry.CodeUrl,
        }
            .Concat(entry.Authors ?? [])
            .Concat(entry.Affiliations ?? [])
            .Concat(entry.Links?.Select(l => l.Url) ?? [])
            .Concat(entry.Extra?.Values ?? [])
            .Any(MayHoldAddress);

    private static bool MayHoldAddress(string? text) =>
        text is not null
        && (text.Contains('@', StringComparison.Ordinal) || text.Contains("%40", StringComparison.Ordinal));

    private static bool IsPublic(string link) =>
        !link.Contains('?', StringComparison.Ordinal) && PaperIds.Of(link) is not null;

    private static string Host(string link) =>
        Uri.TryCreate(
            link.Contains("://", StringComparison.Ordinal) ? link : "http://" + link,
            UriKind.Absolute,
            out var address
        )
            ? address is { AbsolutePath: "/" or "", Query: "" } && address.UserInfo.Length == 0
                ? link
                : $"{address.Scheme}://{address.Host}/…"
            : "[link]";

    [GeneratedRegex(@"(?:https?://|www\.)[^\s<>""'\])}|]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AnyLink();

    [GeneratedRegex(
        @"(?:mailto:)?[\p{L}\p{N}.!#$&'*+/=?^_`{|}~-]{1,64}(?:@|%40)(?:[\p{L}\p{N}_-]{1,63}\.){1,8}[\p{L}\p{N}-]{2,63}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex AnyAddress();
}
