using Microsoft.Extensions.Hosting;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>How long a worker that was told to end works on what it holds, before it gives that back.</summary>
internal sealed class Drain : IDisposable
{
    /// <summary>How long it works on.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How long it waits at most for what it holds to be settled or to have gone back.</summary>
    public static readonly TimeSpan LastPatience = 2 * Patience;

    private readonly CancellationTokenSource over = new();
    private readonly CancellationTokenSource lost = new();

    public Drain(IHostApplicationLifetime lifetime) =>
        lifetime.ApplicationStopping.Register(() =>
        {
            over.CancelAfter(Patience);
            lost.CancelAfter(LastPatience);
        });

    /// <summary>Cancelled when what is still in hand is to go back.</summary>
    public CancellationToken Over => over.Token;

    /// <summary>Cancelled when what is still in hand is left to the broker.</summary>
    public CancellationToken Lost => lost.Token;

    public void Dispose()
    {
        over.Dispose();
        lost.Dispose();
    }
}
