using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>
/// Takes the JSON envelopes of MassTransit, and gives what its own deserializer gives. That one reads a message four times on
/// the way to its object; here its end is found once, and it is read once. Whatever is asked for besides the object is left
/// to MassTransit's.
/// </summary>
internal sealed class EnvelopeDeserializer : IMessageDeserializer, ISerializerFactory
{
    private static readonly JsonReaderOptions Reading = new()
    {
        AllowTrailingCommas = SystemTextJsonMessageSerializer.Options.AllowTrailingCommas,
        CommentHandling = SystemTextJsonMessageSerializer.Options.ReadCommentHandling,
    };

    private readonly SystemTextJsonMessageSerializer whole = SystemTextJsonMessageSerializer.Instance;

    /// <inheritdoc cref="IMessageDeserializer.ContentType" />
    public ContentType ContentType => whole.ContentType;

    /// <inheritdoc />
    public IMessageSerializer CreateSerializer() => whole;

    /// <inheritdoc />
    public IMessageDeserializer CreateDeserializer() => this;

    /// <inheritdoc />
    public void Probe(ProbeContext context) => whole.Probe(context);

    /// <inheritdoc />
    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

    /// <inheritdoc />
    public ConsumeContext Deserialize(ReceiveContext receiveContext) =>
        new BodyConsumeContext(
            receiveContext,
            Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress)
        );

    /// <inheritdoc />
    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null)
    {
        var bytes = body.GetBytes();
        try
        {
            if (
                Find(bytes) is { } message
                && JsonSerializer.Deserialize<MessageEnvelope>(
                    Without(bytes, message),
                    SystemTextJsonMessageSerializer.Options
                )
                    is { MessageType: { } types } envelope
            )
                return new Context(
                    whole,
                    new EnvelopeMessageContext(envelope, whole),
                    types,
                    bytes.AsMemory(message),
                    () => whole.Deserialize(body, headers, destinationAddress)
                );
        }
        catch (JsonException)
        {
            // What is wrong MassTransit's says in its own way.
        }
        return whole.Deserialize(body, headers, destinationAddress);
    }

    // Where the message lies in its envelope; null where there is none.
    private static Range? Find(ReadOnlySpan<byte> body)
    {
        Range? found = null;
        var reader = new Utf8JsonReader(body, Reading);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMessage = IsMessage(ref reader);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            if (isMessage)
                found = isObject ? start..(int)reader.BytesConsumed : null;
        }
        return found;
    }

    private static bool IsMessage(ref Utf8JsonReader name) =>
        !name.ValueIsEscaped && Ascii.EqualsIgnoreCase(name.ValueSpan, "message"u8);

    private static byte[] Without(byte[] body, Range message)
    {
        var (start, end) = (message.Start.Value, message.End.Value);
        return [.. body.AsSpan(..start), .. "null"u8, .. body.AsSpan(end..)];
    }

    private sealed class Context(
        IObjectDeserializer objects,
        MessageContext message,
        string[] types,
        ReadOnlyMemory<byte> json,
        Func<SerializerContext> read
    ) : BaseSerializerContext(objects, message, types)
    {
        private readonly Lazy<SerializerContext> whole = new(read);

        public override bool TryGetMessage<T>(out T? message)
            where T : class
        {
            // An interface, or JSON as such, has no constructor.
            if (!typeof(T).IsClass || typeof(T).Namespace?.StartsWith("System", StringComparison.Ordinal) is true)
                return whole.Value.TryGetMessage(out message);
            message = IsSupportedMessageType<T>()
                ? JsonSerializer.Deserialize<T>(json.Span, SystemTextJsonMessageSerializer.Options)
                : null;
            return message is not null;
        }

        public override bool TryGetMessage(Type messageType, [NotNullWhen(true)] out object? message) =>
            whole.Value.TryGetMessage(messageType, out message);

        public override IMessageSerializer GetMessageSerializer() => whole.Value.GetMessageSerializer();

        public override IMessageSerializer GetMessageSerializer<T>(MessageEnvelope envelope, T message) =>
            whole.Value.GetMessageSerializer(envelope, message);

        public override IMessageSerializer GetMessageSerializer(object message, string[] messageTypes) =>
            whole.Value.GetMessageSerializer(message, messageTypes);

        public override Dictionary<string, object> ToDictionary<T>(T? message)
            where T : class => whole.Value.ToDictionary(message);
    }
}
