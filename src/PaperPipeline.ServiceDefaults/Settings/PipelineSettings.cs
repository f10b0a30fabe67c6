using System.Globalization;

namespace PaperPipeline.ServiceDefaults.Settings;

/// <summary>A setting is malformed; the message names it, its value and what is allowed.</summary>
public sealed class SettingException(string message) : Exception(message);

/// <summary>
/// Where the program keeps its things and what it connects to. Read from <c>PAPERPIPELINE_*</c> variables; what the
/// command line gives wins.
/// </summary>
public sealed record PipelineSettings
{
    /// <summary>The data directory (<c>PAPERPIPELINE_DATA_DIR</c>); default <c>data</c> in the working directory.</summary>
    public required string DataDir { get; init; }

    /// <summary>The bus (<c>PAPERPIPELINE_BUS</c>): null is the in-memory bus, else RabbitMQ.</summary>
    public BusAccess? Bus { get; init; }

    /// <summary>The paper index (<c>PAPERPIPELINE_INDEX</c>): null is SQLite, else Elasticsearch or OpenSearch.</summary>
    public IndexAccess? Index { get; init; }

    /// <summary>The raw archive (<c>PAPERPIPELINE_ARCHIVE</c>); default <c>archive</c> in the data directory.</summary>
    public required string Archive { get; init; }

    /// <summary>The watched folder (<c>PAPERPIPELINE_DROP</c>); default <c>drop</c> in the data directory.</summary>
    public required string Drop { get; init; }

    /// <summary>
    /// How long a failed message waits before its first, second, … other try (<c>PAPERPIPELINE_RETRY_DELAYS</c>, seconds
    /// separated by commas, ascending, at most ten); default 10, 60, 300. The same for all workers of a broker.
    /// </summary>
    public IReadOnlyList<TimeSpan> RetryDelays { get; init; } = DefaultRetryDelays;

    /// <summary>
    /// How long the bytes of complete digests are kept in one process (<c>PAPERPIPELINE_KEEP_DAYS</c>, days from 1); null, the
    /// default, is for ever.
    /// </summary>
    public TimeSpan? KeepDigests { get; init; }

    /// <summary>The SQLite paper index.</summary>
    public string IndexFile => Path.Combine(DataDir, "papers.db");

    private static readonly TimeSpan[] DefaultRetryDelays =
    [
        TimeSpan.FromSeconds(10),
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
    ];

    /// <summary>Reads the settings.</summary>
    /// <param name="value">Gives a setting by the last part of its name, such as <c>DATA_DIR</c>; null or blank when not set.</param>
    /// <exception cref="SettingException">A value is malformed.</exception>
    public static PipelineSettings Read(Func<string, string?> value)
    {
        var dataDir = Path.GetFullPath(Text("DATA_DIR") ?? "data");
        return new PipelineSettings
        {
            DataDir = dataDir,
            Bus =
                Text("BUS") is { } bus && !IsLocal(bus, "memory")
                    ? BusAccess.Read(Address("BUS", bus, bus, "memory", "amqp"), Text)
                    : null,
            Index =
                Text("INDEX") is { } index && !IsLocal(index, "sqlite")
                    ? IndexAccess.Read(
                        [
                            .. index
                                .Split(',', StringSplitOptions.TrimEntries)
                                .Select(node => Address("INDEX", node, index, "sqlite", "http")),
                        ],
                        Text
                    )
                    : null,
            Archive = Path.GetFullPath(Text("ARCHIVE") ?? Path.Combine(dataDir, "archive")),
            Drop = Path.GetFullPath(Text("DROP") ?? Path.Combine(dataDir, "drop")),
            KeepDigests = Text("KEEP_DAYS") is { } days ? Days(days) : null,
            RetryDelays = Text("RETRY_DELAYS") is { } delays ? Delays(delays) : DefaultRetryDelays,
        };

        string? Text(string name) => value(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
    }

    /// <summary>An address as it may be shown: without user and password.</summary>
    public static string Show(Uri address) =>
        address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    private static bool IsLocal(string text, string local) =>
        string.Equals(text.Trim(), local, StringComparison.OrdinalIgnoreCase);

    private static Uri Address(string name, string text, string whole, string local, string scheme) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == scheme || uri.Scheme == scheme + "s")
        && uri.Host.Length > 0
            ? uri
            : throw new SettingException(
                $"PAPERPIPELINE_{name} (--{name.ToLowerInvariant()}) is '{Redact(text, whole)}': it must be '{local}' or an address '{scheme}://host:port' or '{scheme}s://host:port'."
            );

    // Before the last '@' may be a password, also one that holds a comma.
    private static string Redact(string text, string whole) =>
        whole.LastIndexOf('@') is var at && at >= 0 ? "…" + whole[at..] : text;

    private static TimeSpan Days(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= 36_500
            ? TimeSpan.FromDays(days)
            : throw new SettingException(
                $"PAPERPIPELINE_KEEP_DAYS is '{text}': it must be a number of days from 1 to 36500."
            );

    private static List<TimeSpan> Delays(string text)
    {
        var delays = new List<TimeSpan>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
            delays.Add(
                double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                && seconds is >= 0.1 and <= 86_400
                && (delays.Count == 0 || seconds > delays[^1].TotalSeconds)
                && delays.Count < 10
                    ? TimeSpan.FromSeconds(seconds)
                    : throw new SettingException(
                        $"PAPERPIPELINE_RETRY_DELAYS is '{text}': it must be seconds from 0.1 to 86400, ascending, separated by commas, at most ten."
                    )
            );
        return delays;
    }
}
