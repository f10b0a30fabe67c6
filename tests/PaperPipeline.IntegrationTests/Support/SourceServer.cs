using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace PaperPipeline.IntegrationTests.Support;

/// <summary>A source on a free loopback port that answers as the test says.</summary>
internal sealed class SourceServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private SourceServer(WebApplication application) => _application = application;

    public string Address =>
        _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <param name="answer">What it answers.</param>
    /// <param name="certificate">What it shows to each new connection; null where it does not speak TLS.</param>
    public static async Task<SourceServer> StartAsync(
        RequestDelegate answer,
        Func<X509Certificate2>? certificate = null
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AllowSynchronousIO = true;
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                listen =>
                {
                    if (certificate is not null)
                        listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate());
                }
            );
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var application = builder.Build();
        application.Run(answer);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new SourceServer(application);
    }

    public string At(string path) => Address + path;

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    /// <summary>A port on which nobody listens. Nor does the system give it to a connection before it is used.</summary>
    public static int ClosedPort()
    {
        // Systems take the ports of connections from 32768 up.
        while (true)
            try
            {
                var port = Random.Shared.Next(10_000, 32_000);
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException) { }
    }
}
