using System.Diagnostics;
using PaperPipeline.ServiceDefaults.Telemetry;

namespace PaperPipeline.Parser;

/// <summary>
/// The traces of one digest. The first is that of its retrieval; a large digest goes on in further ones, so that none becomes
/// larger than what can be looked at. The root of each links to the parse span of the first.
/// </summary>
/// <param name="digest">The digest.</param>
/// <param name="first">The parse span of the first trace, which is the current span; null when nobody listens.</param>
internal sealed class ParseTraces(string digest, Activity? first) : IDisposable
{
    /// <summary>Greatest number of papers in one trace.</summary>
    internal const int MaxPapers = 1000;

    private RootSpan? further;

    /// <summary>True when the entry is the first of a further trace.</summary>
    /// <param name="entries">How many entries there are up to it.</param>
    public static bool BeginsAt(int entries) => entries > 1 && entries % MaxPapers == 1;

    /// <summary>Goes on in a further trace, which is the current one from here on.</summary>
    public void Continue(int entries)
    {
        further?.Dispose();
        further = null;
        // Who does not record the first does not record the others.
        if (first is not { Recorded: true })
            return;
        further = RootSpan.Start("parse", ActivityKind.Internal, [new ActivityLink(first.Context)]);
        further
            ?.Activity.SetTag("paperpipeline.digest.id", digest)
            .SetTag("paperpipeline.digest.part", (entries / MaxPapers) + 1);
    }

    /// <summary>Goes back to the first trace.</summary>
    public void Dispose()
    {
        further?.Dispose();
        further = null;
    }
}
