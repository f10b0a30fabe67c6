namespace PaperPipeline.Storage.Index;

/// <summary>The store does not take writes at the moment; the message is one line with what to do.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True for a server, which may come back by itself; false for a disk, which a person must look after.</summary>
    public bool MayPass { get; init; }

    /// <summary>True when a server answered that it cannot now; false when nothing answered.</summary>
    internal bool Answered { get; init; }

    /// <summary>True when an index that was there is not any more.</summary>
    internal bool IndexIsMissing { get; init; }

    /// <summary>True when a connection stood, and broke before there was an answer.</summary>
    internal bool BrokenOff { get; init; }

    /// <summary>True when no node showed a certificate that is trusted: a person must change something.</summary>
    internal bool Untrusted { get; init; }

    /// <summary>True when the answer was larger than it may be: less is to be asked for at once.</summary>
    internal bool TooLarge { get; init; }
}

/// <summary>What was found is no store of ours, or of a newer version; the message is one line with what to do.</summary>
public sealed class StoreRefusedException(string message, Exception? inner = null) : Exception(message, inner);
