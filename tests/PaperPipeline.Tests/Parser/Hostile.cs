using System.Text;
using PaperPipeline.Parser;

namespace PaperPipeline.Tests.Parser;

/// <summary>What no digest may get away with.</summary>
internal static class Hostile
{
    /// <summary>
    /// Cuts a sound digest at every byte. What is left is refused, or gives the first papers as they were and says that
    /// something is missing; papers never become fewer in silence.
    /// </summary>
    /// <param name="text">The digest.</param>
    /// <param name="mayEnd">True for a cut behind which nothing is missing, given what is left.</param>
    public static void CutAnywhere(string text, Func<string, bool>? mayEnd = null)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var whole = Pages.Parse(bytes).Entries();
        for (var length = 0; length < bytes.Length; length++)
        {
            ParsedItem[] items;
            try
            {
                items = [.. Pages.Parse(bytes[..length]).Items];
            }
            catch (UnreadableDigestException)
            {
                continue;
            }

            var entries = items.OfType<ParsedEntry>().Select(e => e.Entry).ToArray();
            Assert.True(entries.Length <= whole.Length, $"more papers than there are, cut at {length}");
            if (entries.Length == whole.Length || items.OfType<ReportedPlace>().Any())
                continue;
            Assert.True(
                mayEnd?.Invoke(Encoding.UTF8.GetString(bytes[..length])) == true,
                $"cut at {length}, {whole.Length - entries.Length} papers are missing in silence"
            );
        }
    }
}
