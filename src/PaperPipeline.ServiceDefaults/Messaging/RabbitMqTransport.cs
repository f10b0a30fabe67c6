using System.Net.Security;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using PaperPipeline.ServiceDefaults.Health;
using PaperPipeline.ServiceDefaults.Messaging.Failures;
using PaperPipeline.ServiceDefaults.Settings;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>Sets MassTransit up for RabbitMQ: confirmed publishing, quorum queues, names and certificates verified.</summary>
internal static class RabbitMqTransport
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Uses a broker.</summary>
    /// <param name="bus">The registration.</param>
    /// <param name="access">How it is reached.</param>
    /// <param name="program">What the broker shows of the connection.</param>
    /// <param name="worker">Whose queue is consumed; null for a program that only publishes.</param>
    /// <param name="consumers">The consumers of its stage.</param>
    public static void UseBroker(
        this IBusRegistrationConfigurator bus,
        BusAccess access,
        string program,
        WorkerIdentity? worker,
        IReadOnlyList<Type> consumers
    ) =>
        bus.UsingRabbitMq(
            (context, broker) =>
            {
                broker.Host(
                    access.Host,
                    access.Port,
                    access.VirtualHost,
                    program,
                    host =>
                    {
                        host.Username(access.User);
                        host.Password(access.Password);
                        host.PublisherConfirmation = true;
                        host.Heartbeat(BrokerConnection.Heartbeat);
                        host.RequestedConnectionTimeout(ConnectTimeout);
                        if (access.IsSecured)
                            host.UseSsl(tls =>
                            {
                                tls.Protocol = BrokerConnection.Protocols;
                                tls.ServerName = access.Host;
                                // By default any authority will do.
                                tls.EnforcePolicyErrors(
                                    SslPolicyErrors.RemoteCertificateChainErrors
                                        | SslPolicyErrors.RemoteCertificateNameMismatch
                                );
                                tls.CertificateValidationCallback = access.Trusts;
                            });
                    }
                );
                foreach (var route in Routes.All)
                    route.Bind(broker);
                broker.ConfigureJsonSerializerOptions(MessagingExtensions.Compact);
                if (worker is null)
                    return;
                var names = new FailureQueueNames(worker.Queue);
                broker.SendTopology.ErrorQueueNameFormatter = names;
                broker.SendTopology.DeadLetterQueueNameFormatter = names;
                broker.ReceiveEndpoint(worker.Queue, e => Consume(e, worker.Queue, worker.Prefetch));
                broker.ReceiveEndpoint(
                    QueueNames.Alone(worker.Queue),
                    endpoint =>
                    {
                        // Nothing is published to it: what it takes is put there.
                        endpoint.ConfigureConsumeTopology = false;
                        Consume(endpoint, worker.Queue, 1);
                    }
                );

                void Consume(IRabbitMqReceiveEndpointConfigurator endpoint, string queue, int prefetch)
                {
                    // Faults go to the error queue, which its worker empties; published, nobody might be there for them.
                    endpoint.PublishFaults = false;
                    endpoint.PrefetchCount = prefetch;
                    endpoint.ConcurrentMessageLimit = prefetch;
                    QueueArguments.Apply(queue, endpoint);
                    endpoint.UseFilter(new PutBackFilter(queue, context.GetRequiredService<QueueWriter>()));
                    if (Failpoint.Read() is { } failpoint)
                        endpoint.UseFilter(failpoint);
                    MessagingExtensions.UseRetry(endpoint);
                    // One by one: configured together, they would be left out of the second endpoint.
                    foreach (var consumer in consumers)
                        endpoint.ConfigureConsumer(context, consumer);
                }
            }
        );

    // What fails while it is taken alone lies with what else has failed in its stage.
    private sealed class FailureQueueNames(string queue) : IErrorQueueNameFormatter, IDeadLetterQueueNameFormatter
    {
        public string FormatErrorQueueName(string queueName) => QueueNames.Error(queue);

        public string FormatDeadLetterQueueName(string queueName) => QueueNames.Skipped(queue);
    }
}
