using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RabbitMQ.Client;

namespace PaperPipeline.IntegrationTests.Support.Brokers;

/// <summary>
/// A broker that fails in making queues, as a real one does now and then when several ask for the same: it closes the
/// connection with INTERNAL_ERROR. Everything else a real broker behind it answers.
/// </summary>
internal sealed class FailingBroker : IAsyncDisposable
{
    private const int HeaderLength = 7;

    private static readonly (ushort Class, ushort Method) QueueDeclare = (50, 10);
    private static readonly (ushort Class, ushort Method) ConnectionCloseOk = (10, 51);

    private readonly Uri _broker;
    private readonly Func<string, int, bool> _fails;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);
    private readonly Task _accepting;
    private int _failures;

    /// <param name="broker">Answers everything else.</param>
    /// <param name="fails">Whether it fails, by the queue and how often that was asked for.</param>
    public FailingBroker(Uri broker, Func<string, int, bool> fails)
    {
        (_broker, _fails) = (broker, fails);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Failures => _failures;

    /// <summary>The address of a virtual host.</summary>
    public string AddressOf(BrokerHost host) =>
        new UriBuilder(host.Address) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri.ToString();

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var served = new List<Task>();
        try
        {
            while (true)
                served.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ended.Token)));
        }
        catch (OperationCanceledException) { }
        await Task.WhenAll(served);
    }

    private async Task ServeAsync(TcpClient accepted)
    {
        using var client = accepted;
        using var broker = new TcpClient();
        using var writing = new SemaphoreSlim(1, 1);
        try
        {
            await broker.ConnectAsync(_broker.Host, _broker.Port, _ended.Token);
            var (near, far) = (client.GetStream(), broker.GetStream());
            var greeting = new byte[8];
            await near.ReadExactlyAsync(greeting, _ended.Token);
            await far.WriteAsync(greeting, _ended.Token);
            await await Task.WhenAny(ForwardAsync(near, far, writing), ReturnAsync(far, near, writing));
        }
        // One of both has gone, and so does the other.
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException) { }
    }

    private async Task ForwardAsync(NetworkStream client, NetworkStream broker, SemaphoreSlim writing)
    {
        while (true)
        {
            var frame = await ReadAsync(client);
            if (Method(frame) == QueueDeclare && Queue(frame) is { } queue && Fails(queue))
            {
                // Held for good: whatever the broker says after this would come too late.
                await writing.WaitAsync(_ended.Token);
                await client.WriteAsync(Failure(queue), _ended.Token);
                while (Method(await ReadAsync(client)) != ConnectionCloseOk) { }
                return;
            }
            await broker.WriteAsync(frame, _ended.Token);
        }
    }

    private async Task ReturnAsync(NetworkStream broker, NetworkStream client, SemaphoreSlim writing)
    {
        while (true)
        {
            var frame = await ReadAsync(broker);
            await writing.WaitAsync(_ended.Token);
            await client.WriteAsync(frame, _ended.Token);
            writing.Release();
        }
    }

    private bool Fails(string queue)
    {
        if (!_fails(queue, _asked.AddOrUpdate(queue, 1, (_, times) => times + 1)))
            return false;
        Interlocked.Increment(ref _failures);
        return true;
    }

    private async Task<byte[]> ReadAsync(NetworkStream stream)
    {
        var header = new byte[HeaderLength];
        await stream.ReadExactlyAsync(header, _ended.Token);
        var frame = new byte[HeaderLength + BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(3)) + 1];
        header.CopyTo(frame, 0);
        await stream.ReadExactlyAsync(frame.AsMemory(HeaderLength), _ended.Token);
        return frame;
    }

    private static (ushort Class, ushort Method) Method(byte[] frame) =>
        frame[0] == Constants.FrameMethod
            ? (
                BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(HeaderLength)),
                BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(HeaderLength + 2))
            )
            : default;

    // Null where it only asks whether the queue is there.
    private static string? Queue(byte[] frame)
    {
        const int start = HeaderLength + 6;
        var name = Encoding.UTF8.GetString(frame, start + 1, frame[start]);
        return (frame[start + 1 + frame[start]] & 1) == 0 ? name : null;
    }

    private static byte[] Failure(string queue)
    {
        var text = Encoding.UTF8.GetBytes($"INTERNAL_ERROR - Cannot declare a queue '{queue}'");
        const int code = Constants.InternalError;
        byte[] payload = [0, 10, 0, 50, code >> 8, code & 0xFF, (byte)text.Length, .. text, 0, 50, 0, 10];
        var frame = new byte[HeaderLength + payload.Length + 1];
        frame[0] = Constants.FrameMethod;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(3), payload.Length);
        payload.CopyTo(frame, HeaderLength);
        frame[^1] = Constants.FrameEnd;
        return frame;
    }
}
