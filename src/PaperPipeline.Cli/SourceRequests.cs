using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit;
using PaperPipeline.Contracts;
using PaperPipeline.Fetcher;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>
/// Asks the fetcher for addresses and learns which digest each became. The answers come to a queue that is gone when the
/// connection is: whatever may have been lost with it is asked for again.
/// </summary>
/// <param name="bus">The bus.</param>
/// <param name="letters">Lists the dead letters.</param>
internal sealed class SourceRequests(BrokerBus bus, Func<CancellationToken, Task<IReadOnlyList<DeadLetter>>> letters)
    : IReceiveEndpointObserver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, Request> waiting = new();
    private readonly ConcurrentQueue<(Request Request, DigestFetched Fetched)> answers = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyList<DeadLetter> known = [];
    private long listedAt;
    private int openings;
    private Task? listening;

    private sealed record Request(Guid Id, string Identity, FetchSource Source, int Attempts)
    {
        /// <summary>Which opening of the queue for answers the last question was asked in.</summary>
        public int AskedIn { get; set; }

        /// <summary>Why the last attempt to fetch it failed.</summary>
        public string? Trouble { get; set; }
    }

    /// <summary>Number of addresses of which it is not known yet what they became.</summary>
    public int Waiting => waiting.Count;

    /// <summary>Why one of them could not be fetched yet; null where nothing is known to be wrong.</summary>
    public string? Trouble => waiting.Values.Select(request => request.Trouble).FirstOrDefault(t => t is not null);

    /// <summary>Asks for an address; returns once the broker has the question.</summary>
    /// <exception cref="BusUnavailableException">The bus does not take it now.</exception>
    /// <exception cref="StoreUnavailableException">The index does not say whether it failed before.</exception>
    public async Task AskAsync(Uri address, DateOnly? day, CancellationToken cancellationToken)
    {
        await ListenAsync(cancellationToken);
        var source = new FetchSource { Address = address.OriginalString, Day = day };
        var identity = Rejections.Identity(source);
        // A failure before this one is settled by asking again, and told from the next by its attempts.
        var before = (await LettersAsync(cancellationToken)).FirstOrDefault(letter => IsOf(letter, identity));
        var request = new Request(
            new Guid(Convert.FromHexString(identity).AsSpan(0, 16)),
            identity,
            source,
            before?.Rejected.Attempts ?? 0
        );
        waiting[request.Id] = request;
        await AskAsync(request, cancellationToken);
        if (before is not null)
            await bus.PublishAsync(RetryRun.Retried(before), attempts: 0, cancellationToken);
    }

    /// <summary>Asks again for whatever the answer may have been lost.</summary>
    /// <exception cref="BusUnavailableException">The bus does not take it now.</exception>
    public async Task AskAgainAsync(CancellationToken cancellationToken)
    {
        foreach (var request in waiting.Values.Where(request => request.AskedIn != Volatile.Read(ref openings)))
            await AskAsync(request, cancellationToken);
    }

    /// <summary>The digests that addresses became, each with the day that was stated for it.</summary>
    public IEnumerable<(string Digest, DateOnly? Day)> TakeAnswers()
    {
        while (answers.TryDequeue(out var answer))
            if (waiting.TryRemove(answer.Request.Id, out _))
                yield return (answer.Fetched.Digest, answer.Request.Source.Day);
    }

    /// <summary>The addresses that finally could not be fetched.</summary>
    /// <exception cref="StoreUnavailableException">The index does not answer.</exception>
    public async Task<IReadOnlyList<DigestStatus>> TakeDeadAsync(CancellationToken cancellationToken)
    {
        if (Stopwatch.GetElapsedTime(listedAt) < Interval)
            return [];
        var now = await LettersAsync(cancellationToken);
        return
        [
            .. waiting
                .Values.Where(r => now.Any(l => IsOf(l, r.Identity) && l.Rejected.Attempts > r.Attempts))
                .Where(request => waiting.TryRemove(request.Id, out _))
                .Select(request => new DigestStatus
                {
                    Digest = request.Identity,
                    Name = HttpSource.Show(new Uri(request.Source.Address)),
                    State = "failed",
                    Papers = 0,
                    Indexed = 0,
                    Dead = 1,
                }),
        ];
    }

    /// <inheritdoc />
    public Task Ready(ReceiveEndpointReady ready)
    {
        // It is reported once as made and once for each time that it takes messages.
        if (ready.IsStarted && ready.InputAddress == bus.Bus.Address)
        {
            Interlocked.Increment(ref openings);
            this.ready.TrySetResult();
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    /// <inheritdoc />
    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    /// <inheritdoc />
    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        // To connect a handler holds the thread for as long as the broker is away.
        listening ??= Task.Run(Listen, CancellationToken.None);
        try
        {
            await Task.WhenAll(listening, ready.Task).WaitAsync(Patience, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new BusUnavailableException("The bus does not let us make a queue for answers.", late);
        }
    }

    private void Listen()
    {
        bus.Bus.ConnectReceiveEndpointObserver(this);
        bus.Bus.ConnectHandler<DigestFetched>(TakeAsync);
        bus.Bus.ConnectHandler<Fault<FetchSource>>(NoteAsync);
    }

    private async Task AskAsync(Request request, CancellationToken cancellationToken)
    {
        var asking = Volatile.Read(ref openings);
        await bus.AskAsync(request.Source, request.Id, request.Attempts, cancellationToken);
        request.AskedIn = asking;
    }

    private Task TakeAsync(ConsumeContext<DigestFetched> context)
    {
        if (context.RequestId is { } id && waiting.TryGetValue(id, out var request))
            answers.Enqueue((request, context.Message));
        return Task.CompletedTask;
    }

    // A fault is not the end: the fetcher tries again later, and only a dead letter says that it has given up.
    private Task NoteAsync(ConsumeContext<Fault<FetchSource>> context)
    {
        if (context.RequestId is { } id && waiting.TryGetValue(id, out var request))
            request.Trouble = context.Message.Exceptions is [var first, ..] ? first.Message : null;
        return Task.CompletedTask;
    }

    private async Task<IReadOnlyList<DeadLetter>> LettersAsync(CancellationToken cancellationToken)
    {
        if (listedAt == 0 || Stopwatch.GetElapsedTime(listedAt) >= Interval)
        {
            known = await letters(cancellationToken);
            listedAt = Stopwatch.GetTimestamp();
        }
        return known;
    }

    private static bool IsOf(DeadLetter letter, string identity) =>
        letter.Rejected is { Stage: "fetch", Ordinal: null } rejected && rejected.Digest == identity;
}
