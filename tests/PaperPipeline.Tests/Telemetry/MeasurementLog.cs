using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace PaperPipeline.Tests.Telemetry;

/// <summary>One measurement of our meter.</summary>
internal sealed record Measured(string Name, double Value, string? Stage);

/// <summary>Listens to our meter.</summary>
internal sealed class MeasurementLog : IDisposable
{
    private readonly ConcurrentQueue<Measured> _all = new();
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public MeasurementLog()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name != "PaperPipeline")
                return;
            _instruments[instrument.Name] = instrument;
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>(Note);
        _listener.SetMeasurementEventCallback<long>(Note);
        _listener.SetMeasurementEventCallback<double>(Note);
        _listener.Start();
    }

    public IReadOnlyCollection<Instrument> Instruments => [.. _instruments.Values];

    public IReadOnlyList<Measured> All => [.. _all];

    public double Sum(string name, string? stage = null) =>
        _all.Where(m => m.Name == name && (stage is null || m.Stage == stage)).Sum(m => m.Value);

    /// <summary>Reads the gauges now; null where one says nothing.</summary>
    public double? Read(string gauge)
    {
        var before = _all.Count;
        _listener.RecordObservableInstruments();
        return _all.Skip(before).LastOrDefault(m => m.Name == gauge)?.Value;
    }

    public void Dispose() => _listener.Dispose();

    private void Note<T>(
        Instrument instrument,
        T value,
        ReadOnlySpan<KeyValuePair<string, object?>> tags,
        object? state
    )
        where T : struct
    {
        string? stage = null;
        foreach (var tag in tags)
            if (tag.Key == "paperpipeline.stage")
                stage = (string?)tag.Value;
        _all.Enqueue(new Measured(instrument.Name, Convert.ToDouble(value, null), stage));
    }
}
