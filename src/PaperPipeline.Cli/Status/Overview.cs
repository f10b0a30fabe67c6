using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli.Status;

/// <summary>What one look at broker, index and archive has shown.</summary>
internal sealed record Overview
{
    /// <summary>When it was (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The ledger; empty where it could not be read, or nothing was written yet.</summary>
    public IReadOnlyList<DigestStatus> Digests { get; init; } = [];

    /// <summary>The dead letters.</summary>
    public IReadOnlyList<DeadLetter> Letters { get; init; } = [];

    /// <summary>The queues of the stages; empty in one process, or where the broker does not answer.</summary>
    public IReadOnlyList<StageQueues> Queues { get; init; } = [];

    /// <summary>True where the stages are workers behind a broker.</summary>
    public bool HasBroker { get; init; }

    /// <summary>False where ledger and dead letters could not be read.</summary>
    public bool IsRead { get; init; }

    /// <summary>True when nothing was written to the index yet.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>Why the broker cannot be used; null when it can.</summary>
    public string? BusTrouble { get; init; }

    /// <summary>Why the index cannot be read, or takes no writes; null when all is well.</summary>
    public string? IndexTrouble { get; init; }

    /// <summary>Why the archive takes no digests, or will not for long; null when all is well.</summary>
    public string? ArchiveTrouble { get; init; }

    /// <summary>Entries in the index.</summary>
    public int Indexed => Digests.Sum(d => d.Indexed);
}
