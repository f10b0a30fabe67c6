namespace PaperPipeline.Tests.Parser;

/// <summary>Memory is the process's: tests that measure it run while no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
