namespace PaperPipeline.Storage.Index;

/// <summary>The store does not take writes at the moment; the message is one line with what to do.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What was found is no store of ours, or of a newer version; the message is one line with what to do.</summary>
public sealed class StoreRefusedException(string message, Exception? inner = null) : Exception(message, inner);
