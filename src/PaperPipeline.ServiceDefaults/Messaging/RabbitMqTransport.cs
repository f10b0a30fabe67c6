using System.Net.Security;
using MassTransit;
using PaperPipeline.ServiceDefaults.Health;
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
    /// <param name="worker">Whose messages fail here; null for a program that only publishes.</param>
    public static void UseBroker(
        this IBusRegistrationConfigurator bus,
        BusAccess access,
        string program,
        WorkerIdentity? worker
    ) =>
        bus.UsingRabbitMq(
            (_, broker) =>
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
                        host.ContinuationTimeout(BrokerConnection.LongPatience);
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
                broker.UseJson();
                if (worker is null)
                    return;
                var names = new FailureQueueNames(worker.Queue);
                broker.SendTopology.ErrorQueueNameFormatter = names;
                broker.SendTopology.DeadLetterQueueNameFormatter = names;
            }
        );

    // What fails while it is taken alone lies with what else has failed in its stage.
    private sealed class FailureQueueNames(string queue) : IErrorQueueNameFormatter, IDeadLetterQueueNameFormatter
    {
        public string FormatErrorQueueName(string queueName) => QueueNames.Error(queue);

        public string FormatDeadLetterQueueName(string queueName) => QueueNames.Skipped(queue);
    }
}
