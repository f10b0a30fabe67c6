using System.Reflection;
using PaperPipeline.Contracts;
using PaperPipeline.Enricher;
using PaperPipeline.Fetcher;
using PaperPipeline.Indexer;
using PaperPipeline.Parser;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Tests;

public sealed class ArchitectureTests
{
    public static TheoryData<string> Stages => [.. StageTypes.Select(t => t.Assembly.GetName().Name!)];

    private static readonly Type[] StageTypes =
    [
        typeof(FetcherStage),
        typeof(ParserStage),
        typeof(EnricherStage),
        typeof(IndexerStage),
    ];

    [Theory]
    [MemberData(nameof(Stages))]
    public void Stages_meet_only_in_contracts(string stage)
    {
        string[] allowed = ["PaperPipeline.Contracts", "PaperPipeline.ServiceDefaults", "PaperPipeline.Storage"];

        var others = Assembly
            .Load(stage)
            .GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(name => name.StartsWith("PaperPipeline", StringComparison.Ordinal));

        Assert.Empty(others.Except(allowed, StringComparer.Ordinal));
    }

    [Fact]
    public void Contracts_references_nothing_of_ours_and_no_package()
    {
        var references = typeof(DigestFetched).Assembly.GetReferencedAssemblies().Select(a => a.Name!);

        Assert.All(references, name => Assert.StartsWith("System", name, StringComparison.Ordinal));
    }

    [Fact]
    public void The_message_table_names_exactly_what_the_consumers_consume()
    {
        var consumed = StageTypes
            .SelectMany(t => t.Assembly.GetTypes())
            .SelectMany(t => t.GetInterfaces())
            .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(MassTransit.IConsumer<>))
            .Select(i => i.GetGenericArguments()[0])
            // Faults of these messages are the bus's, and go to the Indexer alone.
            .Where(message => !message.IsGenericType)
            .Select(message => message.Name)
            .Order(StringComparer.Ordinal);

        Assert.Equal(Routes.All.Select(r => r.Message.Name).Order(StringComparer.Ordinal), consumed);
    }
}
