using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Cli.Status;

/// <summary>What to do about each kind of dead letter; docs/operations.md says more under the same words.</summary>
internal static class DeadLetterAdvice
{
    private static readonly Dictionary<string, string> ByKind = new(StringComparer.Ordinal)
    {
        [RejectionKind.Source] =
            "see that the address answers, then `paperpipeline dead-letters retry ID`; if it is gone for good, `paperpipeline dead-letters dismiss ID`.",
        [RejectionKind.UnknownShape] =
            "ingest it in a form that docs/shapes.md lists; or, when a newer version reads it, `paperpipeline dead-letters retry ID`. If it is no digest, `paperpipeline dead-letters dismiss ID`.",
        [RejectionKind.TooLarge] = "split it, ingest the parts, then `paperpipeline dead-letters dismiss ID`.",
        [RejectionKind.UnreadableDigest] =
            "get it again from its source and ingest that, then `paperpipeline dead-letters dismiss ID`; or, when a newer version reads it, `paperpipeline dead-letters retry ID`.",
        [RejectionKind.CutOff] =
            "get it again, whole, and ingest that, then `paperpipeline dead-letters dismiss ID`; or, when a newer version reads it, `paperpipeline dead-letters retry ID`.",
        [RejectionKind.Count] =
            "compare it with its source: ingest the missing pages, then `paperpipeline dead-letters dismiss ID`; or, when a newer version reads it, `paperpipeline dead-letters retry ID`.",
        [RejectionKind.Place] =
            "look at the place (`paperpipeline dead-letters show ID`): if it is a paper, upgrade and `paperpipeline dead-letters retry ID`; if it is none, `paperpipeline dead-letters dismiss ID`.",
        [RejectionKind.NotEnriched] = "upgrade, then `paperpipeline dead-letters retry ID`.",
        [RejectionKind.NotIndexed] =
            "mend what the reason says (limits of the server, its mapping), then `paperpipeline dead-letters retry ID`.",
        [RejectionKind.GaveUp] =
            "mend what the reason says, or look at the log of the stage, then `paperpipeline dead-letters retry ID`.",
        [RejectionKind.KillsWorker] =
            "give the worker more memory, or upgrade it, then `paperpipeline dead-letters retry ID`.",
        [RejectionKind.UnknownMessage] =
            "run all workers in the same version, then `paperpipeline dead-letters retry ID`.",
        [RejectionKind.UnreadableMessage] =
            "find out who sent it; if it was one of ours, run all workers in the same version, then `paperpipeline dead-letters retry ID`; if not, `paperpipeline dead-letters dismiss ID`.",
        [RejectionKind.Unquotable] =
            "upgrade the indexer, then `paperpipeline dead-letters retry ID`: it gives back what could not be said.",
    };

    /// <summary>What to do about a kind of <see cref="RejectionKind.All"/>.</summary>
    public static string Of(string kind) => ByKind[kind];
}
