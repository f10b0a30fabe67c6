using Microsoft.Extensions.Hosting;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>How long a worker that was told to end works on what it holds, before it gives that back.</summary>
internal sealed class Drain : IDisposable
{
    /// <summary>How long it works on.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource over = new();

    public Drain(IHostApplicationLifetime lifetime) =>
        lifetime.ApplicationStopping.Register(() => over.CancelAfter(Patience));

    /// <summary>Cancelled when what is still in hand is to go back.</summary>
    public CancellationToken Over => over.Token;

    public void Dispose() => over.Dispose();
}
