using MassTransit;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Indexer;

/// <summary>Writes what the other stages say of a digest, and what people decide of papers.</summary>
internal sealed class AccountsConsumer(Accounts accounts)
    : IConsumer<DigestFetched>,
        IConsumer<DigestParsed>,
        IConsumer<EntryRejected>,
        IConsumer<DeadLetterRetried>,
        IConsumer<DecisionMade>
{
    public Task Consume(ConsumeContext<DigestFetched> context) =>
        accounts.RecordAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<DigestParsed> context) =>
        accounts.RecordAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<EntryRejected> context) =>
        accounts.RecordAsync(context.Message.After(context), context.CancellationToken);

    public Task Consume(ConsumeContext<DeadLetterRetried> context) =>
        accounts.RecordAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<DecisionMade> context) =>
        accounts.DecideAsync(context.Message, context.CancellationToken);
}

/// <summary>Shares the Indexer's queue with the papers.</summary>
internal sealed class AccountsConsumerDefinition : ConsumerDefinition<AccountsConsumer>
{
    public AccountsConsumerDefinition() => EndpointName = Routes.Index;
}
