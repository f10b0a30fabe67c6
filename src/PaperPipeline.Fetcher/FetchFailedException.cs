namespace PaperPipeline.Fetcher;

/// <summary>A source could not be read or archived; the message is one line for a person, with what to do.</summary>
public sealed class FetchFailedException(string message, Exception? inner = null) : Exception(message, inner);
