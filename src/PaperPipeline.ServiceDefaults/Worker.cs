using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using PaperPipeline.ServiceDefaults.Settings;

namespace PaperPipeline.ServiceDefaults;

/// <summary>What makes a stage a worker.</summary>
public sealed record Worker
{
    /// <summary>The stage: fetcher, parser, enricher or indexer.</summary>
    public required string Stage { get; init; }

    /// <summary>The queue it consumes.</summary>
    public required string Queue { get; init; }

    /// <summary>
    /// How many messages it holds at a time, from 1: all of them are delivered again, and counted, when it is killed.
    /// </summary>
    public required int Prefetch { get; init; }

    /// <summary>Adds what the stage needs.</summary>
    public required Func<IServiceCollection, PipelineSettings, CancellationToken, Task> AddServices { get; init; }

    /// <summary>Adds its consumers.</summary>
    public required Action<IBusRegistrationConfigurator> AddConsumers { get; init; }
}
