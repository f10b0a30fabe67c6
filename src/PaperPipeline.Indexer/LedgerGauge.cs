using System.Diagnostics.Metrics;
using System.Globalization;
using PaperPipeline.ServiceDefaults.Telemetry;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Indexer;

/// <summary>
/// Shows the ledger: digests by state, completeness by shape and day, and how long the oldest unfinished digest has waited.
/// It is counted in the background, and only while somebody reads it.
/// </summary>
internal sealed partial class LedgerGauge : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // Of a long ledger no more than one in fifty moments goes into counting it.
    private const int Rest = 50;

    private readonly ILedger ledger;
    private readonly TimeProvider clock;
    private readonly ILogger<LedgerGauge> logger;
    private readonly Meter meter = new(PipelineTelemetry.Name);
    private volatile LedgerSummary? summary;
    private volatile TaskCompletionSource wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Publishes the gauges.</summary>
    public LedgerGauge(ILedger ledger, TimeProvider clock, ILogger<LedgerGauge> logger)
    {
        (this.ledger, this.clock, this.logger) = (ledger, clock, logger);
        meter.CreateObservableGauge(
            "paperpipeline.ledger.digests",
            () => Read(s => s.Digests.Select(d => Measure(d.Value, ("paperpipeline.state", d.Key)))),
            "{digest}",
            "Digests in the ledger, by state."
        );
        meter.CreateObservableGauge(
            "paperpipeline.ledger.papers",
            () =>
                Read(s =>
                    s.Papers.Select(p =>
                        Measure(
                            p.Count,
                            ("paperpipeline.shape", p.Shape),
                            ("paperpipeline.day", p.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                            ("paperpipeline.state", p.State)
                        )
                    )
                ),
            "{paper}",
            "Entries and reported places of the digests of the last days, by shape, day and what became of them."
        );
        meter.CreateObservableGauge(
            "paperpipeline.ledger.oldest",
            () => Read<double>(s => [new Measurement<double>(s.Age(this.clock.GetUtcNow()).TotalSeconds, Stage)]),
            "s",
            "Time since the oldest digest that is not settled was retrieved, 0 when all are."
        );
    }

    private static KeyValuePair<string, object?> Stage => new("paperpipeline.stage", "index");

    /// <inheritdoc />
    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await wanted.Task.WaitAsync(stoppingToken);
            wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
            var started = clock.GetTimestamp();
            try
            {
                var now = clock.GetUtcNow();
                summary = LedgerSummary.Of(
                    await ledger.ListAsync(stoppingToken),
                    DateOnly.FromDateTime(now.UtcDateTime)
                );
            }
            // What is wrong with the index others say; figures of before would say that all is well.
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                summary = null;
                NotCounted(logger, failure.Message);
            }
            var pause = clock.GetElapsedTime(started) * Rest;
            await Task.Delay(pause > Interval ? pause : Interval, clock, stoppingToken);
        }
    }

    private IEnumerable<Measurement<T>> Read<T>(Func<LedgerSummary, IEnumerable<Measurement<T>>> measure)
        where T : struct
    {
        wanted.TrySetResult();
        return summary is { } known ? measure(known) : [];
    }

    private static Measurement<long> Measure(long count, params ReadOnlySpan<(string Key, string Value)> attributes)
    {
        var tags = new KeyValuePair<string, object?>[attributes.Length + 1];
        tags[0] = Stage;
        for (var n = 0; n < attributes.Length; n++)
            tags[n + 1] = new(attributes[n].Key, attributes[n].Value);
        return new(count, tags);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The ledger cannot be counted now: {Reason}")]
    private static partial void NotCounted(ILogger logger, string reason);
}
