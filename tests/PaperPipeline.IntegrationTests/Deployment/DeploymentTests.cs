using System.Diagnostics;
using System.Text.RegularExpressions;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Deployment;

/// <summary>What the deployment's own programs do, and what Compose thinks of its file.</summary>
public sealed partial class DeploymentTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string Root = Find(AppContext.BaseDirectory);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("docker-compose.yml")]
    [InlineData("docker-compose.opensearch.yml")]
    public async Task Compose_accepts_its_file(string file)
    {
        string[][] programs =
        [
            ["docker-compose"],
            ["docker", "compose"],
        ];
        var found = 0;
        foreach (var compose in programs)
            if (await RunAsync(compose[0], [.. compose[1..], "version"]) is (0, _))
            {
                found++;
                Assert.Equal((0, ""), await RunAsync(compose[0], [.. compose[1..], "-f", file, "config", "-q"]));
            }
        Assert.SkipWhen(found == 0, "there is no Compose: install Debian's package docker-compose");
    }

    [Fact]
    public async Task Every_secret_of_the_deployment_is_made_once_and_never_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the deployment's programs are shell scripts");
        var secrets = _folder["secrets"];

        var first = await RunAsync(Path.Combine(Root, "deploy", "create-secrets"), secrets);
        var made = Contents(secrets);
        var second = await RunAsync(Path.Combine(Root, "deploy", "create-secrets"), secrets);

        Assert.Equal((0, ""), first);
        Assert.Equal((0, ""), second);
        Assert.Equal(Declared(), made.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(made, Contents(secrets));
        Assert.Equal(made.Count, made.Values.Distinct(StringComparer.Ordinal).Count());
        Assert.Contains(made["rabbitmq_password"].Trim(), made["rabbitmq.conf"], StringComparison.Ordinal);
        Assert.Contains(made["kibana_password"].Trim(), made["kibana.yml"], StringComparison.Ordinal);
        Assert.Contains(
            made["dashboards_password"].Trim(),
            made["opensearch_dashboards.yml"],
            StringComparison.Ordinal
        );
        Assert.True(Directory.Exists(_folder["drop"]));
    }

    [Fact]
    public async Task Only_their_owner_can_go_where_the_secrets_are()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the deployment's programs are shell scripts");
        var secrets = _folder["secrets"];

        await RunAsync(Path.Combine(Root, "deploy", "create-secrets"), secrets);

        if (OperatingSystem.IsLinux())
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(secrets)
            );
    }

    private static IEnumerable<string> Declared() =>
        ((string[])["docker-compose.yml", "docker-compose.opensearch.yml"])
            .SelectMany(file => Secret().Matches(File.ReadAllText(Path.Combine(Root, file))))
            .Select(m => m.Groups[1].Value)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

    private static Dictionary<string, string> Contents(string folder) =>
        Directory.EnumerateFiles(folder).ToDictionary(path => Path.GetFileName(path), File.ReadAllText);

    private static async Task<(int Code, string Error)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root,
        };
        try
        {
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
            await output;
            return (process.ExitCode, await error);
        }
        // There is no such program.
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (-1, missing.Message);
        }
    }

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "PaperPipeline.sln"))
            ? folder
            : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no repository."));

    [GeneratedRegex(@"file: \./secrets/(\S+)")]
    private static partial Regex Secret();
}
