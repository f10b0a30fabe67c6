using MassTransit;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Cli;

/// <summary>The bus as this process uses it: it may be away for a while, and says so.</summary>
internal sealed class BrokerBus(IBus bus, PipelinePublisher publisher)
{
    /// <summary>Why it did not take the last message; null when it did.</summary>
    public string? Trouble { get; private set; }

    /// <summary>The bus itself.</summary>
    public IBus Bus => bus;

    /// <summary>Publishes a message; returns once the broker has it.</summary>
    /// <exception cref="BusUnavailableException">The bus does not take it now.</exception>
    public Task PublishAsync<T>(T message, int attempts, CancellationToken cancellationToken)
        where T : class =>
        GiveAsync(publisher.PublishAsync(bus, message, attempts, cancellationToken), cancellationToken);

    /// <summary>Asks the fetcher for a source; what it became is answered to the bus's own queue.</summary>
    /// <exception cref="BusUnavailableException">The bus does not take it now.</exception>
    public Task AskAsync(FetchSource source, Guid id, int attempts, CancellationToken cancellationToken) =>
        GiveAsync(Answers.AskAsync(bus, source, id, attempts, cancellationToken), cancellationToken);

    /// <summary>Gives something to the broker.</summary>
    /// <exception cref="BusUnavailableException">It does not take it now.</exception>
    public async Task GiveAsync(Task giving, CancellationToken cancellationToken)
    {
        try
        {
            await giving;
            Trouble = null;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Trouble =
                $"the bus takes no messages ({failure.Message.TrimEnd('.')}): look whether it is full, and at the rights of its user";
            throw new BusUnavailableException(Trouble, failure);
        }
    }
}
