using MassTransit;
using PaperPipeline.Contracts;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>
/// How often something was tried before it was given back to its stage. It travels with the messages that follow, so that
/// a failure after it is told from the one before.
/// </summary>
public static class Attempts
{
    /// <summary>Name of the message header.</summary>
    public const string Header = "paperpipeline-attempts";

    /// <summary>Attempts before this message; 0 where it was never given back.</summary>
    public static int Before(ConsumeContext context) =>
        // A message that was put back as it was has the header beside it, not in it.
        context.Headers.Get<int>(Header)
        ?? context.ReceiveContext.TransportHeaders.Get<int>(Header)
        ?? 0;

    /// <summary>
    /// The letter with the attempts before this message added. Who writes letters down does so, and nobody before: the header
    /// comes with the letter as with all that follows from a message.
    /// </summary>
    public static EntryRejected After(this EntryRejected rejected, ConsumeContext context) =>
        Before(context) is var before and > 0 ? rejected with { Attempts = rejected.Attempts + before } : rejected;
}
