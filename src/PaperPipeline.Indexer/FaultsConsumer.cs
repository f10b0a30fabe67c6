using MassTransit;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Indexer;

/// <summary>
/// What a stage gave up in a way it did not foresee becomes dead letters: one for each entry of the message, one for a
/// digest that was not read.
/// </summary>
internal sealed class FaultsConsumer(Accounts accounts, TimeProvider clock)
    : IConsumer<Fault<DigestFetched>>,
        IConsumer<Fault<PapersParsed>>,
        IConsumer<Fault<PapersEnriched>>
{
    // A stop calls off what is under way; the next start takes it up.
    private static readonly string[] CalledOff =
    [
        TypeCache<OperationCanceledException>.ShortName,
        TypeCache<TaskCanceledException>.ShortName,
    ];

    public Task Consume(ConsumeContext<Fault<DigestFetched>> context)
    {
        // The accounts take the same message; only a parser that gave up leaves the digest unread.
        if (
            IsCalledOff(context.Message)
            || context.SourceAddress?.AbsolutePath.EndsWith('/' + Routes.Parse, StringComparison.Ordinal) is not true
        )
            return Task.CompletedTask;
        var fetched = context.Message.Message;
        return accounts.RecordAsync(
            new EntryRejected
            {
                Digest = fetched.Digest,
                Stage = "parse",
                Reason = Reason(context.Message),
                TraceId = fetched.TraceId,
                RejectedAt = clock.GetUtcNow(),
            }.After(context),
            context.CancellationToken
        );
    }

    public Task Consume(ConsumeContext<Fault<PapersParsed>> context) =>
        RejectAsync("enrich", context, context.Message.Message.Entries);

    public Task Consume(ConsumeContext<Fault<PapersEnriched>> context) =>
        RejectAsync("index", context, context.Message.Message.Papers.Select(p => p.Entry));

    private async Task RejectAsync<T>(string stage, ConsumeContext<T> context, IEnumerable<Entry> entries)
        where T : class, Fault
    {
        if (IsCalledOff(context.Message))
            return;
        foreach (var entry in entries)
        {
            var letter = Rejections.Of(entry, stage, Reason(context.Message), clock.GetUtcNow());
            await accounts.RecordAsync(letter.After(context), context.CancellationToken);
        }
    }

    private static bool IsCalledOff(Fault fault) =>
        fault.Exceptions is [var first, ..] && CalledOff.Contains(first.ExceptionType);

    private static string Reason(Fault fault) =>
        RejectionReasons.GaveUp + (fault.Exceptions is [var first, ..] ? first.Message : "no reason was given");
}

/// <summary>Shares the Indexer's queue with the papers.</summary>
internal sealed class FaultsConsumerDefinition : ConsumerDefinition<FaultsConsumer>
{
    public FaultsConsumerDefinition() => EndpointName = Routes.Index;
}
