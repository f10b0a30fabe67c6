using System.Runtime.InteropServices;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PaperPipeline.ServiceDefaults.Health;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.ServiceDefaults.Telemetry;

namespace PaperPipeline.ServiceDefaults;

/// <summary>Runs a worker as a program of its own: bus, health, telemetry, drain.</summary>
public static class WorkerHost
{
    /// <summary>Where a worker is asked whether it is ready.</summary>
    internal const string ReadyPath = "/health/ready";

    private static readonly TimeSpan BrokerPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestEnd = Drain.LastPatience + TimeSpan.FromSeconds(10);

    /// <summary>
    /// Runs until SIGTERM or Ctrl-C, then finishes or returns what was taken. Gives the exit code; what is wrong at the
    /// start is one line on standard error. With the argument <c>health</c> it asks the worker that runs beside it instead,
    /// and gives 0 when that is ready.
    /// </summary>
    public static async Task<int> RunAsync(Worker worker, IReadOnlyList<string> arguments)
    {
        if (arguments is [HealthQuestion.Argument])
            return await HealthQuestion.AskAsync();
        try
        {
            if (arguments.Count > 0)
                throw new SettingException(
                    $"The {worker.Stage} takes no argument but '{HealthQuestion.Argument}': its settings are PAPERPIPELINE_* variables."
                );
            var settings = PipelineSettings.Read(name => Environment.GetEnvironmentVariable("PAPERPIPELINE_" + name));
            if (settings.Bus is not { } bus)
                throw new SettingException(
                    $"The {worker.Stage} needs a broker: set PAPERPIPELINE_BUS to amqp://user:password@host:port/vhost. "
                        + "To run all stages in one process use `paperpipeline serve`."
                );
            var probe = new BrokerProbe(bus);
            if (await WaitForBrokerAsync(probe) is { } trouble)
            {
                await Console.Error.WriteLineAsync(trouble.Message);
                return 1;
            }
            await using var program = await BuildAsync(worker, settings, bus, probe);
            var watchdog = program.Services.GetRequiredService<Watchdog>();
            using var limit = EndInTime(program.Lifetime, watchdog);
            await program.RunAsync();
            return watchdog.Stalled ? Watchdog.ExitCode : 0;
        }
        catch (SettingException malformed)
        {
            await Console.Error.WriteLineAsync(malformed.Message);
            return 2;
        }
        catch (Exception failure)
        {
            await Console.Error.WriteLineAsync(failure.Message.ReplaceLineEndings(" "));
            return 1;
        }
    }

    // By then what was in hand is settled or left to the broker, which has it back when the connection closes. What still waits
    // is a client library for an answer that never comes.
    private static CancellationTokenRegistration EndInTime(IHostApplicationLifetime lifetime, Watchdog watchdog) =>
        lifetime.ApplicationStopping.Register(() =>
            new Thread(() =>
            {
                Thread.Sleep(LongestEnd);
                Console.Error.WriteLine(
                    $"The bus does not close within {LongestEnd.TotalSeconds:0} s: what the worker held goes back to the broker."
                );
                Environment.Exit(watchdog.Stalled ? Watchdog.ExitCode : 0);
            })
            {
                IsBackground = true,
            }.Start()
        );

    private static async Task<WebApplication> BuildAsync(
        Worker worker,
        PipelineSettings settings,
        BusAccess bus,
        BrokerProbe probe
    )
    {
        // Watching for changed settings would follow every file below the working directory, the archive's too.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        if (string.IsNullOrWhiteSpace(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder
            .Logging.AddTracedConsole()
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical)
            .AddFilter("MassTransit", LogLevel.Warning);
        builder.AddTelemetry("paperpipeline-" + worker.Stage, MessageStage.Of(worker.Queue)!);
        builder.Services.AddSingleton(probe);
        builder.Services.AddSingleton(TimeProvider.System);
        var identity = new WorkerIdentity(worker.Stage, worker.Queue, worker.Prefetch);
        builder.Services.AddSingleton(identity);
        builder.Services.AddSingleton(new RetryOptions(settings.RetryDelays));
        builder.Services.AddSingleton<Intake>();
        builder.Services.AddSingleton<QueueReading>();
        builder.Services.AddSingleton<WorkProgress>();
        builder.Services.AddReceiveObserver(services => services.GetRequiredService<WorkProgress>());
        builder.Services.AddPublishObserver(services => services.GetRequiredService<WorkProgress>());
        await worker.AddServices(builder.Services, settings, CancellationToken.None);
        builder.Services.AddMessaging(bus, "paperpipeline-" + worker.Stage, identity, worker.AddConsumers);
        builder.Services.AddSingleton<Watchdog>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Watchdog>());
        builder.Services.AddHealthChecks().AddCheck<ConsumerCheck>("consumer", tags: ["ready"]);
        var program = builder.Build();
        program.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        program.MapHealthChecks(
            ReadyPath,
            new HealthCheckOptions
            {
                Predicate = check => check.Tags.Contains("ready"),
                ResponseWriter = HealthAnswer.WriteAsync,
            }
        );
        return program;
    }

    private static async Task<BrokerTrouble?> WaitForBrokerAsync(BrokerProbe probe)
    {
        using var stop = new CancellationTokenSource(BrokerPatience);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => stop.Cancel());
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => stop.Cancel());
        while (true)
        {
            var trouble = await probe.TryAsync(CancellationToken.None);
            if (trouble is not { MayPass: true } || stop.IsCancellationRequested)
                return trouble;
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, stop.Token);
            }
            catch (OperationCanceledException)
            {
                return trouble;
            }
        }
    }
}
