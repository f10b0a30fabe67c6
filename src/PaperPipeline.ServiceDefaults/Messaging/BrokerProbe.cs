using System.Security.Authentication;
using PaperPipeline.ServiceDefaults.Settings;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>Why a broker cannot be used.</summary>
/// <param name="Message">One line with what to do.</param>
/// <param name="MayPass">True when waiting may help.</param>
public sealed record BrokerTrouble(string Message, bool MayPass);

/// <summary>The messages of one stage that nobody holds.</summary>
/// <param name="Queue">The stage's queue.</param>
/// <param name="Consumers">Who takes from it, or what is to be taken alone.</param>
/// <param name="Waiting">Messages in the queue itself.</param>
/// <param name="Alone">Messages that are taken one at a time, because one of them may kill its worker.</param>
/// <param name="Failed">Messages that failed, until a worker of the stage sees to them.</param>
/// <param name="Postponed">Messages that wait for another try.</param>
public sealed record StageQueues(string Queue, uint Consumers, long Waiting, long Alone, long Failed, long Postponed)
{
    /// <summary>The stage: fetch, parse, enrich or index.</summary>
    public string Stage => QueueNames.Stage(Queue);

    /// <summary>True when no message is anywhere.</summary>
    public bool IsEmpty => Waiting + Alone + Failed + Postponed == 0;
}

/// <summary>Asks the broker over a connection of its own, because the bus may think itself healthy when it is not.</summary>
public sealed class BrokerProbe(BusAccess access)
{
    private const int Attempts = 5;
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(20);

    /// <summary>The consumers of a stage and its waiting messages, see below.</summary>
    /// <exception cref="BrokerUnreachableException">The broker does not answer.</exception>
    public async Task<(uint Consumers, uint Messages)> LookAsync(string stage, CancellationToken cancellationToken) =>
        (await LookAsync([stage], cancellationToken))[stage];

    /// <summary>
    /// Numbers of consumers and of waiting messages of stages, as the broker sees them: of a stage's queue together with that
    /// of the messages taken alone, because a worker takes from the one or the other. 0 where there are no such queues.
    /// </summary>
    /// <param name="stages">The queues of the stages.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="BrokerUnreachableException">The broker does not answer.</exception>
    /// <exception cref="TimeoutException">It stops to answer in the middle.</exception>
    public Task<IReadOnlyDictionary<string, (uint Consumers, uint Messages)>> LookAsync(
        IReadOnlyList<string> stages,
        CancellationToken cancellationToken
    ) => LookAtAsync(stages, cancellationToken).WaitAsync(LongestLook, TimeProvider.System, cancellationToken);

    private async Task<IReadOnlyDictionary<string, (uint Consumers, uint Messages)>> LookAtAsync(
        IReadOnlyList<string> stages,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await ConnectAsync("probe", cancellationToken);
        var found = new Dictionary<string, (uint, uint)>(StringComparer.Ordinal);
        foreach (var stage in stages)
        {
            var many = await CountAsync(connection, stage, cancellationToken);
            var alone = await CountAsync(connection, QueueNames.Alone(stage), cancellationToken);
            found[stage] = (many.Consumers + alone.Consumers, many.Messages + alone.Messages);
        }
        return found;
    }

    /// <summary>What lies in the queue of a stage, and in those around it.</summary>
    /// <param name="stages">The queues of the stages.</param>
    /// <param name="delays">After which a failed message is tried again.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="BrokerUnreachableException">The broker does not answer.</exception>
    public async Task<IReadOnlyList<StageQueues>> LookAroundAsync(
        IReadOnlyList<string> stages,
        IReadOnlyList<TimeSpan> delays,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await ConnectAsync("probe", cancellationToken);
        return await Task.WhenAll(stages.Select(LookAtAsync));

        async Task<StageQueues> LookAtAsync(string stage)
        {
            var (consumers, waiting) = await CountAsync(connection, stage, cancellationToken);
            var alone = await CountAsync(connection, QueueNames.Alone(stage), cancellationToken);
            var (failed, postponed) = (0L, 0L);
            foreach (
                var queue in (string[])[QueueNames.Dead(stage), QueueNames.Error(stage), QueueNames.Skipped(stage)]
            )
                failed += (await CountAsync(connection, queue, cancellationToken)).Messages;
            foreach (var delay in delays)
                postponed += (await CountAsync(connection, QueueNames.Retry(stage, delay), cancellationToken)).Messages;
            return new(stage, consumers + alone.Consumers, waiting, alone.Messages, failed, postponed);
        }
    }

    /// <summary>Numbers of consumers and of waiting messages of one queue; 0 where there is no such queue.</summary>
    internal static async Task<(uint Consumers, uint Messages)> CountAsync(
        IConnection connection,
        string queue,
        CancellationToken cancellationToken
    )
    {
        // A queue that is missing costs the channel, so each has one of its own.
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            var declared = await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
            return (declared.ConsumerCount, declared.MessageCount);
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == 404)
        {
            return (0, 0);
        }
    }

    /// <summary>Tries the broker once: null when it lets us in.</summary>
    public async Task<BrokerTrouble?> TryAsync(CancellationToken cancellationToken)
    {
        string? refused = null;
        try
        {
            await using var connection = await ConnectAsync("probe", cancellationToken, reason => refused = reason);
            // Whether the virtual host is open to us shows only now.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            return null;
        }
        catch (BrokerUnreachableException failure)
        {
            return Trouble(failure.InnerException ?? failure, refused);
        }
        catch (OperationInterruptedException closed)
        {
            return Trouble(closed, refused);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Away("no answer within 5 s");
        }
    }

    /// <summary>
    /// Makes the queues of stages, and what leads to them, where they are missing, before the bus does: that makes all it
    /// needs at once, waits long for the others where the broker fails in one, and does not say why. Null when they are as
    /// they must be.
    /// </summary>
    /// <param name="queues">The queues.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="BrokerUnreachableException">The broker does not answer.</exception>
    public async Task<BrokerTrouble?> TryQueuesAsync(IReadOnlyList<string> queues, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await using var connection = await ConnectAsync(
                    "queues",
                    cancellationToken,
                    patience: BrokerConnection.LongPatience
                );
                foreach (var queue in queues)
                    if (await TryQueueAsync(connection, queue, cancellationToken) is { } trouble)
                        return trouble;
                return null;
            }
            // Others make the same queues meanwhile: a broker may fail in that, and does not the next time.
            catch (OperationInterruptedException failure)
            {
                if (failure.ShutdownReason?.ReplyCode != Constants.InternalError || attempt == Attempts)
                    return Trouble(failure, refused: null);
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
            }
    }

    private async Task<BrokerTrouble?> TryQueueAsync(
        IConnection connection,
        string queue,
        CancellationToken cancellationToken
    )
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await QueueArguments.DeclareStageAsync(channel, queue, cancellationToken);
            return null;
        }
        catch (OperationInterruptedException refused)
            when (refused.ShutdownReason?.ReplyCode == Constants.PreconditionFailed)
        {
            return Lasting(
                $"has a queue {queue} of another version: let the workers of that version empty it, then delete it."
            );
        }
        catch (OperationInterruptedException refused)
            when (refused.ShutdownReason?.ReplyCode == Constants.AccessRefused)
        {
            return Lasting(
                $"does not let the user make the queue {queue}: it needs the rights to configure, write and read."
            );
        }
    }

    /// <summary>Opens a connection that is not opened again by itself.</summary>
    /// <param name="purpose">What the broker shows of it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <param name="refused">Told why a certificate is not trusted.</param>
    /// <param name="patience">How long each answer may take once it is connected; null for not long.</param>
    internal async Task<IConnection> ConnectAsync(
        string purpose,
        CancellationToken cancellationToken,
        Action<string>? refused = null,
        TimeSpan? patience = null
    )
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(BrokerConnection.Patience);
        var connecting = BrokerConnection
            .Factory(access, purpose, patience ?? BrokerConnection.Patience, refused)
            .CreateConnectionAsync(bounded.Token);
        try
        {
            return await connecting.WaitAsync(bounded.Token);
        }
        catch (OperationCanceledException)
        {
            // Where the broker hangs, the client takes as long again to let go of what it has begun.
            _ = connecting.ContinueWith(
                late => late.Result.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default
            );
            throw;
        }
    }

    private BrokerTrouble Trouble(Exception failure, string? refused)
    {
        if (refused is not null)
            return Lasting($"shows a certificate that is not trusted: {refused}. See PAPERPIPELINE_BUS_CA.");
        return failure switch
        {
            AuthenticationFailureException => Lasting(
                "refuses user or password: see PAPERPIPELINE_BUS_USER and PAPERPIPELINE_BUS_PASSWORD_FILE, or the address."
            ),
            OperationInterruptedException { ShutdownReason.ReplyCode: Constants.NotAllowed } => Lasting(
                $"has no virtual host '{access.VirtualHost}', or not for this user: see the path of PAPERPIPELINE_BUS."
            ),
            OperationInterruptedException { ShutdownReason: { Initiator: ShutdownInitiator.Peer } closed } => new(
                $"The bus {access.Name} closed the connection: {closed.ReplyText.TrimEnd('.')}.",
                MayPass: closed.ReplyCode == Constants.ConnectionForced
            ),
            _ when Find<AuthenticationException>(failure) is { } tls => Lasting(
                $"cannot agree on an encrypted connection: {Deepest(tls).Message.TrimEnd('.')}. Is it a port for TLS?"
            ),
            _ => Away(Deepest(failure).Message.TrimEnd('.')),
        };
    }

    private BrokerTrouble Lasting(string what) => new($"The bus {access.Name} {what}", MayPass: false);

    private BrokerTrouble Away(string reason) =>
        new(
            $"Cannot reach the bus {access.Name}: {reason}. Check PAPERPIPELINE_BUS (--bus), or start it.",
            MayPass: true
        );

    private static T? Find<T>(Exception? failure)
        where T : Exception =>
        failure switch
        {
            null => null,
            T found => found,
            AggregateException { InnerExceptions: [var first, ..] } => Find<T>(first),
            _ => Find<T>(failure.InnerException),
        };

    private static Exception Deepest(Exception failure) =>
        failure is AggregateException { InnerExceptions: [var first, ..] } ? Deepest(first)
        : failure.InnerException is { } inner ? Deepest(inner)
        : failure;
}
