using System.Net;
using System.Net.Sockets;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>A server whose answers have no end; counts how much of them is taken.</summary>
internal sealed class Flood : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private long _longest;

    public Flood()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>Bytes of the answer of which most was taken.</summary>
    public long LongestAnswer => Volatile.Read(ref _longest);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = PourAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PourAsync(Socket socket)
    {
        using (socket)
        {
            var chunk = new byte[64 * 1024];
            var sent = 0L;
            await socket.ReceiveAsync(chunk);
            try
            {
                await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"u8.ToArray());
                chunk.AsSpan().Fill((byte)' ');
                while (true)
                {
                    sent += await socket.SendAsync(chunk);
                    Volatile.Write(ref _longest, Math.Max(Volatile.Read(ref _longest), sent));
                }
            }
            catch (SocketException)
            {
                // Who asked has heard enough.
            }
        }
    }
}
