using MassTransit;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Fetcher;

/// <summary>Fetches what it is asked for and announces the digest.</summary>
internal sealed class FetchSourceConsumer(DigestFetcher fetcher, PipelinePublisher publisher) : IConsumer<FetchSource>
{
    public async Task Consume(ConsumeContext<FetchSource> context)
    {
        var (address, day) = (context.Message.Address, context.Message.Day);
        var fetched = await fetcher.FetchAsync(address, "request", day, context.CancellationToken);
        await publisher.PublishAsync(context, fetched, context.CancellationToken);
        fetcher.MarkAnnounced(fetched.Digest);
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
