using MassTransit;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Fetcher;

/// <summary>
/// Fetches what it is asked for, announces the digest and tells who asked which one it is. What is refused for good is a
/// dead letter at once; what may pass is tried again.
/// </summary>
internal sealed class FetchSourceConsumer(DigestFetcher fetcher, PipelinePublisher publisher, TimeProvider clock)
    : IConsumer<FetchSource>
{
    public async Task Consume(ConsumeContext<FetchSource> context)
    {
        var (address, day) = (context.Message.Address, context.Message.Day);
        DigestFetched fetched;
        try
        {
            fetched = await fetcher.FetchAsync(address, "request", day, context.CancellationToken);
        }
        catch (FetchFailedException failure) when (failure is { MayPass: false } and not ArchiveUnavailableException)
        {
            var letter = Rejections.Of(context.Message, failure.Message, clock.GetUtcNow());
            await publisher.PublishAsync(context, letter, context.CancellationToken);
            return;
        }
        await publisher.PublishAsync(context, fetched, context.CancellationToken);
        fetcher.MarkAnnounced(fetched.Digest);
        await Answers.GiveAsync(context, fetched, context.CancellationToken);
    }
}

/// <summary>Few at a time: fetching waits for others.</summary>
internal sealed class FetchSourceConsumerDefinition : ConsumerDefinition<FetchSourceConsumer>
{
    public FetchSourceConsumerDefinition()
    {
        EndpointName = Routes.Fetch;
        ConcurrentMessageLimit = 2;
    }
}
