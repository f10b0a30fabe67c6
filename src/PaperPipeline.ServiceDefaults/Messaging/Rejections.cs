using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using PaperPipeline.Contracts;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>Makes dead letters, the same way in every stage.</summary>
public static class Rejections
{
    /// <summary>Stands for a trace id where nothing was traced.</summary>
    public static readonly string NoTrace = new('0', 32);

    private const int LongestExcerpt = 500;

    /// <summary>An entry that failed.</summary>
    public static EntryRejected Of(Entry entry, string stage, string reason, DateTimeOffset at) =>
        new()
        {
            Digest = entry.Digest,
            Ordinal = entry.Ordinal,
            Stage = stage,
            Reason = reason,
            Excerpt = Excerpt(entry.Title),
            TraceId = entry.TraceId,
            ParserVersion = entry.ParserVersion,
            RejectedAt = at,
            Entry = entry,
        };

    /// <summary>A source that could not be fetched: there is no digest, so its address stands for it.</summary>
    public static EntryRejected Of(FetchSource request, string reason, DateTimeOffset at) =>
        new()
        {
            Digest = Identity(request),
            Stage = "fetch",
            Reason = reason,
            Excerpt = Excerpt(request.Address),
            TraceId = Activity.Current?.TraceId.ToHexString() ?? NoTrace,
            RejectedAt = at,
            Request = request,
        };

    /// <summary>What stands for the identity of a digest that was not fetched: its address does.</summary>
    public static string Identity(FetchSource request) => Identity(Encoding.UTF8.GetBytes(request.Address));

    /// <summary>What stands for the identity of a digest where there is none: the SHA-256 of what is known instead.</summary>
    public static string Identity(ReadOnlySpan<byte> known) => Convert.ToHexStringLower(SHA256.HashData(known));

    /// <summary>The beginning of a text, never half a character.</summary>
    public static string Excerpt(string text) =>
        text.Length <= LongestExcerpt ? text
        : char.IsHighSurrogate(text[LongestExcerpt - 1]) ? text[..(LongestExcerpt - 1)]
        : text[..LongestExcerpt];
}
