using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using PaperPipeline.Cli.Dashboards;
using PaperPipeline.Cli.Status;
using PaperPipeline.ServiceDefaults.Settings;

namespace PaperPipeline.Cli;

/// <summary>Exit codes, the same for every command.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int DeadLetters = 3;
    public const int Interrupted = 130;
}

/// <summary>Wrong usage that only shows when the command runs: one line, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The work could not be done: one line, exit code 1.</summary>
internal sealed class WorkFailedException(string message) : Exception(message);

/// <summary>The command line: what a person types becomes one command; what goes wrong becomes one line and a code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        using var stop = new CancellationTokenSource();
        var signal = 0;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Stop(c, 130));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Stop(c, 143));

        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync(
                string.Join(' ', parsed.Errors.Select(e => e.Message).Distinct(StringComparer.Ordinal))
                    .ReplaceLineEndings(" ") + " See `paperpipeline --help`."
            );
            return ExitCode.Usage;
        }
        try
        {
            var invocation = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            var code = await parsed.InvokeAsync(invocation, stop.Token);
            return signal != 0 && !(signal == 143 && code == 0) ? signal : code;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return signal;
        }
        catch (Exception failure)
        {
            await Console.Error.WriteLineAsync(failure.Message.ReplaceLineEndings(" "));
            return failure switch
            {
                UsageException or SettingException or FileNotFoundException => ExitCode.Usage,
                _ => ExitCode.Failed,
            };
        }

        void Stop(PosixSignalContext context, int code)
        {
            context.Cancel = true;
            signal = code;
            stop.Cancel();
        }
    }

    private static RootCommand Root()
    {
        var root = new RootCommand(
            """
            PaperPipeline: digests of papers go in, every paper comes out searchable.

            Examples:
              paperpipeline ingest digest.txt            index a digest
              paperpipeline search "neural radiance"     find papers
              paperpipeline serve                        watch the drop folder
              paperpipeline status                       what is wrong, and what to do
              paperpipeline papers show 2410.24164       what is known of a paper, and where from
              paperpipeline dead-letters list            what could not be indexed, and why
            """
        );
        foreach (var option in GlobalOptions.All)
            root.Options.Add(option);
        root.Subcommands.Add(IngestCommand.Create());
        root.Subcommands.Add(SearchCommand.Create());
        root.Subcommands.Add(ExportCommand.Create());
        root.Subcommands.Add(StatusCommand.Create());
        root.Subcommands.Add(PapersCommand.Create());
        root.Subcommands.Add(DeadLettersCommand.Create());
        root.Subcommands.Add(ReplayCommand.Create());
        root.Subcommands.Add(VerifyCommand.Create());
        root.Subcommands.Add(ArchiveCommand.Create());
        root.Subcommands.Add(ServeCommand.Create());
        root.Subcommands.Add(DashboardsCommand.Create());
        root.Subcommands.Add(CheckCommand.Create());
        root.Subcommands.Add(CompletionCommand.Create());
        return root;
    }
}
