using PaperPipeline.Enricher;
using PaperPipeline.Fetcher;
using PaperPipeline.Indexer;
using PaperPipeline.Parser;

namespace PaperPipeline.Tests.Deployment;

/// <summary>What holds of the <c>Dockerfile</c> without an engine to build it.</summary>
public sealed class DockerfileTests
{
    private static readonly IReadOnlyList<DockerStage> Stages = DockerFile.Read("Dockerfile");

    public static TheoryData<string, string> Programs =>
        new()
        {
            { "fetcher", typeof(FetcherStage).Assembly.GetName().Name! },
            { "parser", typeof(ParserStage).Assembly.GetName().Name! },
            { "enricher", typeof(EnricherStage).Assembly.GetName().Name! },
            { "indexer", typeof(IndexerStage).Assembly.GetName().Name! },
            { "cli", "paperpipeline" },
        };

    [Theory]
    [MemberData(nameof(Programs))]
    public void Each_program_has_an_image_that_starts_it(string target, string program)
    {
        var stage = Stages.Single(s => s.Name == target);

        Assert.Equal(["dotnet", program + ".dll"], stage.Arguments("ENTRYPOINT"));
        Assert.Equal(target == "cli" ? null : ["dotnet", program + ".dll", "health"], stage.Arguments("HEALTHCHECK"));
        Assert.Contains(stage.Instructions, i => i.Word == "COPY" && i.Tail.EndsWith(" ./", StringComparison.Ordinal));
    }

    [Fact]
    public void Packages_are_restored_for_every_project_before_the_sources_come_in()
    {
        var build = Stages.Single(s => s.Name == "build").Instructions.ToList();
        var restore = build.FindIndex(i => i.Tail.StartsWith("dotnet restore", StringComparison.Ordinal));
        var copied = build
            .Take(restore)
            .Where(i => i.Word == "COPY" && i.Tail.Contains(".csproj", StringComparison.Ordinal))
            .Select(i => i.Tail.Split(' '))
            .ToList();

        Assert.Equal(Repository.Projects(), copied.Select(c => c[0]).Order(StringComparer.Ordinal));
        Assert.All(copied, c => Assert.Equal(Path.GetDirectoryName(c[0]) + "/", c[1]));
    }

    [Fact]
    public void No_program_runs_as_root()
    {
        var programs = Programs.Select(row => row.Data.Item1);

        Assert.All(programs, target => Assert.Equal("$APP_UID", User(target)));
    }

    // The user of a stage, or of the stage that it is made from.
    private static string? User(string name) =>
        Stages.SingleOrDefault(s => s.Name == name) is not { } stage ? null
        : stage.Instructions.LastOrDefault(i => i.Word == "USER").Tail is { } user ? user
        : User(stage.From);
}
