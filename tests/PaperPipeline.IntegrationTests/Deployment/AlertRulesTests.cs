using System.Diagnostics;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Deployment;

/// <summary>What Prometheus' own tool thinks of the alert rules.</summary>
public sealed class AlertRulesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string Folder = Path.Combine(Root(AppContext.BaseDirectory), "deploy", "alerts");

    [Fact]
    public async Task Prometheus_accepts_the_rules()
    {
        var (code, said) = await RunAsync("check", "rules", Path.Combine(Folder, "paperpipeline.yml"));

        Assert.True(code == 0, said);
        Assert.Contains("SUCCESS", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_rule_fires_on_the_series_that_it_is_for()
    {
        var (code, said) = await RunAsync("test", "rules", Path.Combine(Folder, "paperpipeline.test.yml"));

        Assert.True(code == 0, said);
    }

    [Fact]
    public async Task A_rule_that_does_not_fire_is_noticed()
    {
        using var folder = new TestFolder();
        foreach (var file in Directory.EnumerateFiles(Folder))
        {
            var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            folder.Write(
                Path.GetFileName(file),
                text.Replace("_ratio) == 1", "_ratio) == 2", StringComparison.Ordinal)
            );
        }

        var (code, said) = await RunAsync("test", "rules", folder["paperpipeline.test.yml"]);

        Assert.NotEqual(0, code);
        Assert.Contains("PaperPipelineIndexPaused", said, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo("promtool", arguments)
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
            return (process.ExitCode, await output + await error);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("there is no promtool: install Debian's package prometheus");
            throw;
        }
    }

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "PaperPipeline.sln"))
            ? folder
            : Root(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no repository."));
}
