namespace PaperPipeline.Benchmarks;

/// <summary>A paper as a digest announces it; each text is one line.</summary>
/// <param name="Title">The title.</param>
/// <param name="Abstract">The abstract.</param>
internal sealed record Paper(string Title, string Abstract);
