using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Tests.Deployment;

/// <summary>What holds of the compose files without an engine to run them.</summary>
public sealed partial class ComposeFileTests
{
    // Services that end by themselves, and why they need no health check.
    private static readonly Dictionary<string, string> OneShots = new(StringComparer.Ordinal)
    {
        ["index-users"] = "makes users and ends; who needs them waits for its success",
        ["setup"] = "puts dashboards where they belong and ends",
        ["cli"] = "runs one command that somebody waits for",
    };

    public static TheoryData<string> Files => [.. ComposeFile.All.Select(f => f.Name)];

    public static TheoryData<string, string> Services =>
        new(ComposeFile.All.SelectMany(f => f.Services.Select(s => (f.Name, s.Name))));

    public static TheoryData<string, string> Workers =>
        new(ComposeFile.All.SelectMany(f => f.Workers.Select(s => (f.Name, s.Name))));

    public static TheoryData<string, string> Sections =>
        new(
            ComposeFile.All.SelectMany(f =>
                ((string[])["secrets", "networks", "volumes"]).Select(section => (f.Name, section))
            )
        );

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_stage_is_a_service(string file) =>
        Assert.Equal(
            ["enricher", "fetcher", "indexer", "parser"],
            ComposeFile.Named(file).Workers.Select(w => w.Target).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void The_files_differ_in_the_index_and_what_shows_it_alone()
    {
        var (one, other) = (ComposeFile.All[0], ComposeFile.All[1]);
        var both = one.Services.Select(s => s.Name).Intersect(other.Services.Select(s => s.Name)).ToList();

        Assert.Equal(
            ["elasticsearch", "kibana"],
            one.Services.Select(s => s.Name).Except(both).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["dashboards", "opensearch"],
            other.Services.Select(s => s.Name).Except(both).Order(StringComparer.Ordinal)
        );
        Assert.All(
            both.Except(["index-users", "setup"]),
            name =>
                Assert.Equal(
                    Text(one.Service(name)).Replace("http://elasticsearch", "http://opensearch"),
                    Text(other.Service(name))
                )
        );

        static string Text(ComposeService service) => new YamlDotNet.Serialization.Serializer().Serialize(service.Keys);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_dashboards_are_put_where_they_are_shown(string file)
    {
        var compose = ComposeFile.Named(file);
        var setup = compose.Service("setup");
        var command = setup.List("command");
        var address = new Uri(command[command.ToList().IndexOf("--kibana") + 1]);

        Assert.Equal("cli", setup.Target);
        Assert.Equal(["dashboards", "import"], command.Take(2));
        Assert.Equal(address.Host == "dashboards", command.Contains("--opensearch"));
        Assert.Equal(
            "service_healthy",
            (string)((IDictionary<object, object?>)setup.Map("depends_on")[address.Host]!)["condition"]!
        );
        Assert.Contains($"127.0.0.1:{address.Port}:{address.Port}", compose.Service(address.Host).List("ports"));
    }

    [Fact]
    public void Every_image_is_pinned()
    {
        var stages = DockerFile
            .Read("Dockerfile")
            .Concat(DockerFile.Read("deploy", "collector", "Dockerfile"))
            .ToList();
        var images = ComposeFile
            .All.SelectMany(f => f.Services)
            .Select(s => s.Text("image"))
            .OfType<string>()
            .Concat(stages.Select(s => s.From).Except(stages.Select(s => s.Name), StringComparer.Ordinal));

        Assert.All(images, image => Assert.Matches(Pinned(), image));
    }

    [Theory]
    [InlineData("docker-compose.yml", "docker.elastic.co/")]
    [InlineData("docker-compose.opensearch.yml", "opensearchproject/")]
    public void The_index_and_what_shows_it_are_of_one_version(string file, string maker) =>
        Assert.Single(
            ComposeFile
                .Named(file)
                .Services.Select(s => s.Text("image"))
                .OfType<string>()
                .Where(image => image.StartsWith(maker, StringComparison.Ordinal))
                .Select(image => image.Split(':')[1])
                .Distinct(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_service_is_asked_for_its_health_and_starts_again_or_ends_by_itself(string file, string name)
    {
        var service = ComposeFile.Named(file).Service(name);

        Assert.Equal(OneShots.ContainsKey(name) ? "no" : "unless-stopped", service.Text("restart"));
        Assert.Equal(!OneShots.ContainsKey(name), HasHealth(service));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void What_a_service_waits_for_can_come_about(string file, string name)
    {
        foreach (var (other, how) in ComposeFile.Named(file).Service(name).Map("depends_on"))
        {
            var awaited = ComposeFile.Named(file).Service((string)other);
            var condition = (string)((IDictionary<object, object?>)how!)["condition"]!;

            if (condition == "service_healthy")
                Assert.True(HasHealth(awaited), $"{awaited.Name} has no health");
            else
                Assert.Equal(
                    OneShots.ContainsKey(awaited.Name) ? "service_completed_successfully" : "service_started",
                    condition
                );
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_service_has_a_memory_limit_and_is_published_on_the_loopback_interface_at_most(
        string file,
        string name
    )
    {
        var service = ComposeFile.Named(file).Service(name);

        Assert.Matches("^[0-9]+[mg]$", service.Text("mem_limit"));
        Assert.All(service.List("ports"), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Workers))]
    public async Task Workers_can_be_many_and_have_time_to_drain(string file, string name)
    {
        var worker = ComposeFile.Named(file).Service(name);
        var services = new ServiceCollection();
        services.AddMessaging(inFlight: 1, _ => { });
        await using var provider = services.BuildServiceProvider();
        var drain = provider.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;

        Assert.Null(worker.Text("container_name"));
        Assert.Empty(worker.List("ports"));
        Assert.Equal("true", worker.Text("init"));
        Assert.True(Seconds(worker.Text("stop_grace_period")!) > drain.TotalSeconds);
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void What_is_used_is_declared_and_what_is_declared_is_used(string file, string section)
    {
        var compose = ComposeFile.Named(file);
        var used = compose
            .Services.SelectMany(s => s.List(section))
            .Select(name => name.Split(':')[0])
            .Where(name => !name.StartsWith('.'))
            .Distinct(StringComparer.Ordinal);

        Assert.Equal(compose.Declared(section).Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Secrets_are_files_that_are_not_in_the_repository(string file)
    {
        var compose = ComposeFile.Named(file);
        Assert.All(
            compose.Declared("secrets"),
            name => Assert.StartsWith("./secrets/", compose.SecretFile(name), StringComparison.Ordinal)
        );
        Assert.Contains("/secrets/", Repository.Read(".gitignore").Split('\n'));
        Assert.Equal("*", Repository.Read(".dockerignore").Split('\n').First(line => !line.StartsWith('#')));
        Assert.DoesNotContain("!secrets", Repository.Read(".dockerignore"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void No_secret_is_in_a_variable(string file, string name)
    {
        var service = ComposeFile.Named(file).Service(name);

        foreach (var (variable, value) in service.Environment.Where(v => Secret().IsMatch(v.Key)))
        {
            Assert.EndsWith("_FILE", variable, StringComparison.Ordinal);
            Assert.StartsWith("/run/secrets/", value, StringComparison.Ordinal);
            Assert.Contains(Path.GetFileName(value), service.List("secrets"));
        }
    }

    private static bool HasHealth(ComposeService service)
    {
        if (service.Map("healthcheck").ContainsKey("test"))
            return true;
        if (!service.Keys.ContainsKey("build"))
            return false;
        var stages = service.Target is null
            ? DockerFile.Read("deploy", "collector", "Dockerfile")
            : DockerFile.Read("Dockerfile");
        return stages.Last(s => service.Target is null || s.Name == service.Target).Arguments("HEALTHCHECK")
            is not null;
    }

    private static int Seconds(string text) => int.Parse(text.TrimEnd('s'), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[a-z0-9./-]+:[0-9]+\.[0-9]+\.[0-9]+(-[a-z0-9.-]+)?$")]
    private static partial Regex Pinned();

    [GeneratedRegex("PASSWORD|TOKEN|SECRET|KEY")]
    private static partial Regex Secret();
}
