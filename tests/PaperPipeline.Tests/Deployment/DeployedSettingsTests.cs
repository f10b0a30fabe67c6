using System.Text.RegularExpressions;
using PaperPipeline.Cli.Dashboards;
using PaperPipeline.ServiceDefaults.Settings;

namespace PaperPipeline.Tests.Deployment;

/// <summary>The variables that the deployment sets, the ones that the programs read, and the ones that are documented.</summary>
public sealed partial class DeployedSettingsTests : IDisposable
{
    private const string Own = "PAPERPIPELINE_";

    // Read by the telemetry library; what it exports to is all that the documentation promises.
    private static readonly string[] Telemetry = ["OTEL_EXPORTER_OTLP_ENDPOINT"];

    private readonly string _folder = Directory.CreateTempSubdirectory("paperpipeline-secrets-").FullName;

    public static TheoryData<string, string> Programs =>
        new(
            ComposeFile.All.SelectMany(f =>
                f.Services.Where(s => s.Target is not null && s.Name != "setup").Select(s => (f.Name, s.Name))
            )
        );

    public static TheoryData<string> Files => [.. ComposeFile.All.Select(f => f.Name)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_variable_of_the_deployment_is_read_by_the_programs()
    {
        var deployed = ComposeFile
            .All.SelectMany(f => f.Services)
            .SelectMany(s => s.Environment.Keys)
            .Concat(Variable().Matches(Repository.Read("Dockerfile")).Select(m => m.Value))
            .Where(name => Variable().IsMatch(name))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        Assert.NotEmpty(deployed);
        Assert.Empty(deployed.Except(Known(), StringComparer.Ordinal));
    }

    [Fact]
    public void Every_variable_that_the_programs_read_is_documented()
    {
        var documented = Documented(Repository.Read("README.md")).ToHashSet(StringComparer.Ordinal);

        Assert.All(Known(), name => Assert.Contains(name, documented));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Each_program_can_read_what_it_is_given(string file, string name)
    {
        var settings = PipelineSettings.Read(Given(ComposeFile.Named(file).Service(name)));

        Assert.Equal(
            ("rabbitmq", "paperpipeline", "secret of rabbitmq_password"),
            (settings.Bus!.Host, settings.Bus.User, settings.Bus.Password)
        );
        // Only who writes or reads the index knows where it is.
        Assert.Equal(name is "indexer" or "cli", settings.Index is not null);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_puts_dashboards_into_place_can_read_what_it_is_given(string file)
    {
        var setup = ComposeFile.Named(file).Service("setup");
        var given = Given(setup);
        var access = KibanaAccess.Read(setting =>
            setting == "KIBANA" ? setup.List("command").Single(IsAddress) : given(setting)
        );

        Assert.Equal(
            "Basic " + Convert.ToBase64String("paperpipeline-setup:secret of setup_password"u8),
            access.Authorization
        );

        static bool IsAddress(string argument) => argument.StartsWith("http://", StringComparison.Ordinal);
    }

    [Fact]
    public void The_broker_and_the_index_know_the_users_that_the_programs_are()
    {
        foreach (
            var users in (string[][])
                [
                    ["index-users", "_security/user/"],
                    ["opensearch-users", "internalusers/"],
                ]
        )
        foreach (var user in (string[])["paperpipeline ", "paperpipeline-setup "])
            Assert.Contains(users[1] + user, Repository.Read("deploy", users[0]), StringComparison.Ordinal);
        Assert.Contains(
            "default_user = paperpipeline",
            Repository.Read("deploy", "create-secrets"),
            StringComparison.Ordinal
        );
        Assert.All(
            ComposeFile.All,
            file => Assert.Equal("paperpipeline", file.Service("indexer").Environment[Own + "INDEX_USER"])
        );
    }

    // The settings of a service, its secrets being files that say whose they are.
    private Func<string, string?> Given(ComposeService service)
    {
        foreach (var secret in service.List("secrets"))
            File.WriteAllText(Path.Combine(_folder, secret), "secret of " + secret);
        return setting =>
            service
                .Environment.GetValueOrDefault(Own + setting)
                ?.Replace("/run/secrets", _folder, StringComparison.Ordinal);
    }

    // What the programs ask for, whatever they are told.
    private static HashSet<string> Known()
    {
        var asked = new HashSet<string>(Telemetry, StringComparer.Ordinal) { Own + DashboardsCommand.TracesSetting };
        KibanaAccess.Read(name =>
        {
            asked.Add(Own + name);
            return name == "KIBANA" ? "https://localhost" : null;
        });
        PipelineSettings.Read(name =>
        {
            asked.Add(Own + name);
            return name switch
            {
                "BUS" => "amqps://localhost",
                "INDEX" => "https://localhost",
                _ => null,
            };
        });
        return asked;
    }

    // A row of a table names a variable in full, and further ones by their end.
    private static IEnumerable<string> Documented(string text)
    {
        foreach (var row in text.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            var names = Name().Matches(row.Split('|')[1]).Select(m => m.Groups[1].Value).ToList();
            if (names.Count == 0 || !Variable().IsMatch(names[0]))
                continue;
            yield return names[0];
            foreach (var end in names.Skip(1))
                for (var at = names[0].LastIndexOf('_'); at > Own.Length; at = names[0].LastIndexOf('_', at - 1))
                    yield return names[0][..at] + end;
        }
    }

    [GeneratedRegex("(PAPERPIPELINE|OTEL)_[A-Z_]+")]
    private static partial Regex Variable();

    [GeneratedRegex("`([A-Z_]+)`")]
    private static partial Regex Name();
}
