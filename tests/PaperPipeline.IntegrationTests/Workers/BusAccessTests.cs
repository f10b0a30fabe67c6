using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Settings;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>Whom the programs trust, and how they prove who they are: before a real broker that is guarded.</summary>
public sealed class BusAccessTests(SecuredBroker broker) : IClassFixture<SecuredBroker>, IDisposable
{
    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_broker_of_the_authority_in_a_file_or_with_its_fingerprint_is_trusted(bool file)
    {
        Prepare(broker.Address(), file ? broker.Authority : broker.Fingerprint);

        await AssertTakenAsync();
    }

    [Fact]
    public async Task A_user_with_a_password_in_a_file_is_let_into_a_virtual_host_of_any_name()
    {
        const string password = "p@ss: w/örd,";
        const string virtualHost = "a/b c%";
        Prepare($"{broker.Address()}/{Uri.EscapeDataString(virtualHost)}", broker.Authority);
        await broker.Broker.ControlAsync("-q", "add_vhost", virtualHost);
        await broker.Broker.ControlAsync("-q", "add_user", "work:er", password);
        await broker.Broker.ControlAsync("-q", "set_permissions", "-p", virtualHost, "work:er", ".*", ".*", ".*");
        _program.Variables["PAPERPIPELINE_BUS_USER"] = "work:er";
        _program.Variables["PAPERPIPELINE_BUS_PASSWORD_FILE"] = _program.Write("password", password + "\n");

        await AssertTakenAsync();

        var queues = await broker.Broker.QueuesAsync(virtualHost);
        Assert.Contains(queues, queue => queue.Name == Routes.Enrich);
    }

    [Theory]
    [InlineData("another authority")]
    [InlineData("another fingerprint")]
    [InlineData("no authority")]
    [InlineData("another name")]
    public async Task A_broker_that_is_not_trusted_is_one_line_and_exit_code_1(string what)
    {
        using var other = new TestAuthority("Our authority");
        Prepare(
            broker.Address(what == "another name" ? "127.0.0.1" : "localhost"),
            what switch
            {
                "another authority" => _program.Write("other.pem", other.Pem),
                "another fingerprint" => new string('a', 64),
                "no authority" => null,
                _ => broker.Authority,
            }
        );

        var line = await AssertRefusedAsync();

        Assert.Contains("certificate that is not trusted", line, StringComparison.Ordinal);
        Assert.Contains("PAPERPIPELINE_BUS_CA", line, StringComparison.Ordinal);
        Assert.Contains(
            what == "another name" ? "for another name than 127.0.0.1" : "from another authority",
            line,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_wrong_password_is_one_line_and_exit_code_1()
    {
        Prepare(broker.Address(), broker.Authority);
        _program.Variables["PAPERPIPELINE_BUS_USER"] = "guest";
        _program.Variables["PAPERPIPELINE_BUS_PASSWORD_FILE"] = _program.Write("password", "wr0ng");

        var line = await AssertRefusedAsync();

        Assert.Contains("refuses user or password", line, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_virtual_host_that_is_not_there_is_one_line_and_exit_code_1()
    {
        Prepare(broker.Address() + "/nowhere", broker.Authority);

        Assert.Contains("no virtual host 'nowhere'", await AssertRefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_without_encryption_is_one_line_and_exit_code_1()
    {
        Prepare($"amqps://localhost:{broker.Broker.Address.Port}", broker.Authority);

        Assert.Contains("Is it a port for TLS?", await AssertRefusedAsync(), StringComparison.Ordinal);
    }

    // Before the bus is made a probe asks the broker; here the bus is on its own.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_bus_itself_connects_only_to_a_broker_that_is_trusted(bool trusted)
    {
        Prepare(broker.Address(), trusted ? broker.Authority : null);
        var access = PipelineSettings.Read(name => _program.Settings.GetValueOrDefault("PAPERPIPELINE_" + name)).Bus!;
        var answers = 0;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMessaging(
            access with
            {
                Trusts = (sender, certificate, chain, errors) =>
                {
                    var trusts = access.Trusts(sender, certificate, chain, errors);
                    Interlocked.Increment(ref answers);
                    return trusts;
                },
            },
            "paperpipeline-test",
            worker: null,
            stage: null
        );
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var bus = host.Services.GetRequiredService<IBusControl>();

        await Eventually.HoldsAsync(() => Volatile.Read(ref answers) > 0, "the bus has seen the certificate");
        if (trusted)
            await Eventually.HoldsAsync(() => bus.CheckHealth().Status == BusHealthStatus.Healthy, "the bus is up");
        // It has been asked again, so the first connection did not come about.
        else
            await Eventually.HoldsAsync(() => Volatile.Read(ref answers) > 1, "the bus has tried again");

        Assert.Equal(trusted, bus.CheckHealth().Status == BusHealthStatus.Healthy);
        await host.StopAsync(CancellationToken.None);
    }

    private void Prepare(string address, string? authority)
    {
        _ = broker.Broker;
        _program.Variables["PAPERPIPELINE_BUS"] = address;
        if (authority is not null)
            _program.Variables["PAPERPIPELINE_BUS_CA"] = authority;
    }

    // A worker consumes, and the command line says that the bus can be used.
    private async Task AssertTakenAsync()
    {
        await using var worker = new Worker("Enricher", _program.Folder, _program.Settings);
        await worker.ReadyAsync();
        var check = await _program.RunAsync("check");

        Assert.Equal((0, ""), (check.Code, check.Error));
        Assert.Contains(
            check.Lines,
            line => line.StartsWith("ok       bus amqps://localhost:", StringComparison.Ordinal)
        );
        Assert.Equal(0, (await worker.StopAsync()).Code);
    }

    private async Task<string> AssertRefusedAsync()
    {
        await using var worker = new Worker("Enricher", _program.Folder, _program.Settings);
        var run = await worker.EndAsync();
        var check = await _program.RunAsync("check");

        Assert.Equal((1, ""), (run.Code, run.Out));
        var line = Assert.Single(run.ErrorLines);
        Assert.Equal(1, check.Code);
        Assert.StartsWith("not ok   bus ", check.LastLine, StringComparison.Ordinal);
        Assert.EndsWith(line, check.LastLine, StringComparison.Ordinal);
        return line;
    }
}
