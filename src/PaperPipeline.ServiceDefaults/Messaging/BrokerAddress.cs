namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>The parts of an amqp(s) address, by rabbitmq.com/docs/uri-spec.</summary>
internal static class BrokerAddress
{
    public static ushort Port(Uri address) =>
        address.Port > 0 ? (ushort)address.Port
        : address.Scheme == "amqps" ? (ushort)5671
        : (ushort)5672;

    public static string VirtualHost(Uri address) =>
        address.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(address.AbsolutePath[1..]) : "/";

    public static (string User, string Password) Credentials(Uri address)
    {
        var parts = address.UserInfo.Split(':', 2);
        return address.UserInfo.Length == 0
            ? ("guest", "guest")
            : (Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
