using PaperPipeline.Contracts;
using PaperPipeline.Fetcher;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>The stages, wherever they run: what is given to them, and what can be known of them.</summary>
internal interface IStages : IAsyncDisposable
{
    /// <summary>The raw archive.</summary>
    DigestArchive Archive { get; }

    /// <summary>Archives what this process reads itself.</summary>
    DigestFetcher Fetcher { get; }

    /// <summary>Asks others to fetch addresses; null where this process does it itself.</summary>
    SourceRequests? Requests { get; }

    /// <summary>Greatest number of digests that may be under way at once.</summary>
    int MaxUnsettled { get; }

    /// <summary>Digests that an earlier process may have left, where nobody else takes them up.</summary>
    IEnumerable<string> Left { get; }

    /// <summary>True where a broker keeps what it has confirmed; else what is under way ends with this process.</summary>
    bool KeepsMessages { get; }

    /// <summary>True when nothing waits before a stage, so that work without hurry is in nobody's way.</summary>
    /// <exception cref="BusUnavailableException">The bus does not answer now.</exception>
    Task<bool> IsIdleAsync(CancellationToken cancellationToken);

    /// <summary>A number that changes when anything moves.</summary>
    long Movement { get; }

    /// <summary>What is known to be wrong; null when nothing is.</summary>
    StageTrouble? Trouble { get; }

    /// <summary>Gives a message to the stages; returns once the bus has it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="attempts">How often it was tried before; 0 where it was not.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="BusUnavailableException">The bus does not take it now.</exception>
    Task PublishAsync<T>(T message, int attempts, CancellationToken cancellationToken)
        where T : class;

    /// <summary>Puts a message, as it is, back into the queue it came from.</summary>
    /// <exception cref="BusUnavailableException">The bus does not take it now.</exception>
    /// <exception cref="WorkFailedException">There is no such queue here.</exception>
    Task PutBackAsync(FailedMessage message, int attempts, CancellationToken cancellationToken);

    /// <summary>Takes a letter that was given back off the list: at once, or when the indexer gets to it.</summary>
    Task MarkAsync(DeadLetterRetried retried, CancellationToken cancellationToken);

    /// <summary>The dead letters.</summary>
    /// <exception cref="StoreUnavailableException">The index does not answer now.</exception>
    Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(CancellationToken cancellationToken);

    /// <summary>Single papers of the digest are given to the stages; it is not read again.</summary>
    void Enter(string digest);

    /// <summary>True when it is worth asking the ledger whether the digest is settled.</summary>
    bool IsQuiet(string digest);

    /// <summary>True when nothing of the digest is under way any more; false where that cannot be known.</summary>
    bool IsAtRest(string digest);

    /// <summary>True when the papers of a settled digest bear the day that was stated for it.</summary>
    /// <exception cref="StoreUnavailableException">The index does not answer now.</exception>
    Task<bool> HasDayAsync(DigestStatus status, DateOnly day, CancellationToken cancellationToken);

    /// <summary>Asks the index; gives <paramref name="otherwise"/> where nothing was written to it yet.</summary>
    /// <exception cref="StoreUnavailableException">It does not answer now.</exception>
    Task<T> AskAsync<T>(Func<IPaperStore, Task<T>> ask, T otherwise, CancellationToken cancellationToken);

    /// <summary>What the ledger knows of the digests, in no particular order.</summary>
    /// <exception cref="StoreUnavailableException">It does not answer now.</exception>
    Task<IReadOnlyList<DigestStatus>> FindAsync(
        IReadOnlyCollection<string> digests,
        CancellationToken cancellationToken
    );
}

/// <summary>Something is wrong with the stages, their bus or their index.</summary>
/// <param name="Reason">What, and what to do.</param>
/// <param name="Ends">True when there is no use in waiting.</param>
internal sealed record StageTrouble(string Reason, bool Ends);

/// <summary>The bus does not take messages now; the message is one line for a person.</summary>
internal sealed class BusUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
