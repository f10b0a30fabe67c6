using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using RabbitMQ.Client.Exceptions;

namespace PaperPipeline.IntegrationTests.Support.Brokers;

/// <summary>
/// Debian's RabbitMQ as a private node on free loopback ports, with settings of its own; it can be killed and started again
/// with the same data on the same port.
/// </summary>
internal sealed class DebianBroker : Broker
{
    // Debian's wrappers change user and home; the programs themselves do not.
    private const string Programs = "/usr/lib/rabbitmq/bin";
    private const string NodeName = "RABBITMQ_NODENAME";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // The node is a process group of its own, and is killed when whoever started it is gone.
    private const string Supervise = """
        setsid "$0" >"$CONSOLE" 2>&1 </dev/null & node=$!
        echo $node
        exec 3<&0
        (read -r _ <&3; kill -KILL -- -$node 2>/dev/null) & watch=$!
        wait $node 2>/dev/null
        kill $watch
        """;

    // Of each queue its name, the messages that wait, are held or on their way to another queue (-1: nobody knows), its consumers.
    private const string Lengths = """
        lists:flatten([begin
            {resource, _, _, Name} = amqqueue:get_name(Queue),
            {Messages, Consumers} = case amqqueue:get_type(Queue) of
                rabbit_quorum_queue ->
                    case ra:local_query(amqqueue:get_pid(Queue), fun rabbit_fifo:overview/1) of
                        {ok, {_, Now}, _} ->
                            {lists:sum(maps:values(
                                maps:with([num_messages, num_discarded, num_discard_checked_out], Now)
                            )), maps:get(num_consumers, Now)};
                        _ -> {-1, 0}
                    end;
                _ ->
                    [{_, Waiting}, {_, Takers}] = rabbit_amqqueue:info(Queue, [messages, consumers]),
                    {Waiting, Takers}
            end,
            io_lib:format("~ts ~b ~b;", [Name, Messages, Consumers])
        end || Queue <- rabbit_amqqueue:list(<<%HOST%>>)]).

        """;

    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _environment;
    private Process? _supervisor;
    private int _group;

    private DebianBroker(string[] configuration)
    {
        var port = SourceServer.ClosedPort();
        Address = new Uri($"amqp://guest:guest@127.0.0.1:{port}");
        _folder.Write("rabbitmq.conf", string.Join('\n', [.. Configuration(port), .. configuration]) + "\n");
        // How often consumers are looked at: a minute otherwise.
        _folder.Write("advanced.config", "[{rabbit, [{channel_tick_interval, 1000}]}].\n");
        _folder.Write("plugins", "[].\n");
        var cookie = _folder.Write(".erlang.cookie", $"{Guid.NewGuid():N}");
        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(cookie, UnixFileMode.UserRead);
        _environment = Environment(_folder);
    }

    public override Uri Address { get; }

    public static bool IsInstalled => File.Exists(Path.Combine(Programs, "rabbitmq-server"));

    public static void Require() =>
        Assert.SkipUnless(IsInstalled, "there is no broker to kill: install Debian's package rabbitmq-server");

    /// <param name="configuration">Lines of rabbitmq.conf beside those that each node gets.</param>
    public static async Task<DebianBroker> StartAsync(params string[] configuration)
    {
        var broker = new DebianBroker(configuration);
        try
        {
            await broker.StartAgainAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it on the same port with the same data; returns when it lets clients in.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo("/bin/bash")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var argument in (string[])["-c", Supervise, Path.Combine(Programs, "rabbitmq-server")])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        _supervisor = Process.Start(start)!;
        _group = int.Parse((await _supervisor.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        await Eventually.HoldsAsync(
            async () => _supervisor.HasExited || await LetsInAsync(),
            () => "RabbitMQ lets clients in: " + File.ReadAllText(_folder["console.log"]),
            Patience
        );
        if (_supervisor.HasExited)
            throw new InvalidOperationException(
                $"RabbitMQ did not start: {await File.ReadAllTextAsync(_folder["console.log"])}"
            );
    }

    /// <summary>Ends it in order.</summary>
    public Task StopAsync() => EndAsync("TERM");

    /// <summary>Ends it as a power failure does.</summary>
    public Task KillAsync() => EndAsync("KILL");

    public override async Task<string> ControlAsync(params string[] arguments)
    {
        var (code, output, error) = await RunAsync(Path.Combine(Programs, "rabbitmqctl"), arguments, "");
        Assert.True(code == 0, $"rabbitmqctl {string.Join(' ', arguments)}: {output}{error}");
        return output;
    }

    /// <summary>As they are now. Tests ask often, and the control program takes a second of a processor each time.</summary>
    public override async Task<IReadOnlyList<Queue>> QueuesAsync(string virtualHost)
    {
        var name = string.Join(',', Encoding.UTF8.GetBytes(virtualHost));
        var question = Lengths.Replace("%HOST%", name, StringComparison.Ordinal);
        IReadOnlyList<Queue>? queues = null;
        var said = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                var (code, output, error) = await RunAsync(
                    "erl_call",
                    ["-r", "-n", _environment[NodeName], "-e"],
                    question
                );
                said = output + error;
                queues = code == 0 ? Read(output) : null;
                return queues is not null && queues.All(queue => queue.Messages >= 0);
            },
            () => $"the broker says what is in its queues; it says {said}"
        );
        return queues!;
    }

    // {ok, "name 1 0;other 0 2;"}, and {ok, []} where there are none.
    private static List<Queue>? Read(string answer)
    {
        const string before = "{ok, \"";
        const string after = "\"}";
        var text = answer.Trim();
        if (text == "{ok, []}")
            return [];
        if (!text.StartsWith(before, StringComparison.Ordinal) || !text.EndsWith(after, StringComparison.Ordinal))
            return null;
        return text[before.Length..^after.Length]
            .Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(queue => queue.Split(' '))
            .Select(queue => new Queue(queue[0], Number(queue[1]), Number(queue[2])))
            .OrderBy(queue => queue.Name, StringComparer.Ordinal)
            .ToList();

        static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
    }

    public override async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(
        string program,
        string[] arguments,
        string input
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        // It has ended already, and says why.
        catch (IOException) { }
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await error);
    }

    private async Task EndAsync(string signal)
    {
        if (_supervisor is not { } supervisor)
            return;
        _supervisor = null;
        using (var kill = Process.Start("kill", [$"-{signal}", "--", $"-{_group}"]))
            await kill.WaitForExitAsync();
        await supervisor.WaitForExitAsync().WaitAsync(Patience);
        supervisor.Dispose();
        await Eventually.HoldsAsync(async () => !await AnswersAsync(), "the broker's port is free again");
    }

    private async Task<bool> LetsInAsync()
    {
        try
        {
            await using var connection = await BrokerHost.ConnectAsync(Address, "/");
            return true;
        }
        catch (BrokerUnreachableException)
        {
            return false;
        }
    }

    private async Task<bool> AnswersAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(Address.Host, Address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string[] Configuration(int port) =>
        [
            $"listeners.tcp.1 = 127.0.0.1:{port}",
            "log.console = false",
            "log.file = server.log",
            "log.file.level = warning",
            "disk_free_limit.absolute = 50MB",
            "vm_memory_high_watermark.absolute = 1GB",
        ];

    private static Dictionary<string, string> Environment(TestFolder folder) =>
        new(StringComparer.Ordinal)
        {
            ["HOME"] = folder.Path,
            ["CONSOLE"] = folder["console.log"],
            [NodeName] = $"paperpipeline-{Guid.NewGuid().ToString("N")[..8]}@localhost",
            ["RABBITMQ_DIST_PORT"] = SourceServer.ClosedPort().ToString(CultureInfo.InvariantCulture),
            ["RABBITMQ_CONFIG_FILE"] = folder["rabbitmq"],
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = folder["advanced.config"],
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = folder["plugins"],
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_MNESIA_BASE"] = folder["data"],
            ["RABBITMQ_LOG_BASE"] = folder["logs"],
            ["RABBITMQ_PID_FILE"] = folder["pid"],
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
            ["RABBITMQ_CTL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["LC_ALL"] = "C.UTF-8",
        };
}
