namespace PaperPipeline.Tests.Telemetry;

/// <summary>Spans and measurements are the process's: tests that listen to them run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OneAtATime
{
    public const string Name = "Telemetry";
}
