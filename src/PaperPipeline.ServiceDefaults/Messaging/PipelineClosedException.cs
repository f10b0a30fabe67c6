namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>The process stops and lets no more papers in; their digest is taken up by the next one.</summary>
public sealed class PipelineClosedException()
    : Exception("The process stops; what is left is taken up by the next start.");
