using System.Net.Security;
using System.Security.Authentication;
using MassTransit;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>Sets MassTransit up for RabbitMQ: confirmed publishing, quorum queues, names and certificates verified.</summary>
internal static class RabbitMqTransport
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Uses the broker at an amqp(s) address.</summary>
    public static void UseBroker(this IBusRegistrationConfigurator bus, Uri address, string program)
    {
        bus.AddConfigureEndpointsCallback(
            (_, name, endpoint) =>
            {
                // Faults go to the error queue, which its worker drains; published, nobody might be there for them.
                endpoint.PublishFaults = false;
                if (endpoint is IRabbitMqReceiveEndpointConfigurator queue)
                    QueueArguments.Apply(name, queue);
            }
        );
        bus.UsingRabbitMq(
            (context, broker) =>
            {
                broker.Host(
                    address.Host,
                    BrokerAddress.Port(address),
                    BrokerAddress.VirtualHost(address),
                    program,
                    host =>
                    {
                        var (user, password) = BrokerAddress.Credentials(address);
                        host.Username(user);
                        host.Password(password);
                        host.PublisherConfirmation = true;
                        host.Heartbeat(Heartbeat);
                        host.RequestedConnectionTimeout(ConnectTimeout);
                        if (address.Scheme == "amqps")
                            host.UseSsl(tls =>
                            {
                                tls.Protocol = SslProtocols.Tls12 | SslProtocols.Tls13;
                                tls.ServerName = address.Host;
                                tls.EnforcePolicyErrors(
                                    SslPolicyErrors.RemoteCertificateChainErrors
                                        | SslPolicyErrors.RemoteCertificateNameMismatch
                                );
                            });
                    }
                );
                foreach (var route in Routes.All)
                    route.Bind(broker);
                broker.ConfigureJsonSerializerOptions(MessagingExtensions.Compact);
                broker.ConfigureEndpoints(context);
            }
        );
    }
}
