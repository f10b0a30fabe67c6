using System.Net.Sockets;

namespace PaperPipeline.ServiceDefaults.Settings;

/// <summary>Tries a server once.</summary>
public static class Reachability
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Opens a connection within 5 s; null when it worked, else the reason in a few words.</summary>
    public static async Task<string?> TryAsync(Uri address, CancellationToken cancellationToken)
    {
        var port =
            address.Port > 0 ? address.Port
            : address.Scheme == "amqps" ? 5671
            : 5672;
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address.IdnHost, port, bounded.Token);
            return null;
        }
        catch (SocketException refused)
        {
            return refused.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "no answer within 5 s";
        }
    }
}
