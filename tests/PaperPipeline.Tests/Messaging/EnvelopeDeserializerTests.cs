using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Tests.Messaging;

public sealed class EnvelopeDeserializerTests
{
    private const string Retried =
        """{"letter": "d#1", "digest": "d", "parserVersion": 6, "attempts": 2, "unknown": {"message": [1]}}""";

    private static readonly SystemTextJsonMessageSerializer Theirs = SystemTextJsonMessageSerializer.Instance;

    private static readonly EnvelopeDeserializer Ours = new();

    public static TheoryData<string> Envelopes =>
        [
            $$$"""{"messageId": "0f8fad5b-d9cb-469f-a165-70867728950e", "messageType": ["{{{Type}}}"], "message": {{{Retried}}}, "headers": {"a": 1}}""",
            $$$"""{"message": {{{Retried}}}, "messageType": ["{{{Type}}}"], "sentTime": "2026-01-02T03:04:05Z"}""",
            $$$"""{"Message": {{{Retried}}}, "MessageType": ["{{{Type}}}"]}""",
            $$$"""{"message": {"letter": "first"}, "messageType": ["{{{Type}}}"], "MESSAGE": {{{Retried}}} , /* no more */ }""",
            $$$"""{"message": {"letter": "no object follows"}, "messageType": ["{{{Type}}}"], "message": [{{{Retried}}}]}""",
            $$$"""{"m\u0065ssage": {{{Retried}}}, "messageType": ["{{{Type}}}"]}""",
            $$$"""{"message": {{{Retried}}}, "messageType": ["urn:message:Another:Type"]}""",
            $$$"""{"message": {{{Retried}}}}""",
            $$$"""{"message": null, "messageType": ["{{{Type}}}"]}""",
            $$$"""{"message": 7, "messageType": ["{{{Type}}}"]}""",
            $$$"""{"message": {"attempts": "many"}, "messageType": ["{{{Type}}}"]}""",
            $$$"""{"message": {{{Retried}}}, "messageType": ["{{{Type}}}"]""",
            $$$"""{"message": {{{Retried}}}, "messageType": "{{{Type}}}", "message": {} }""",
            """{"messageType": []}""",
            "[]",
            "null",
            "",
            "{",
            "no JSON",
        ];

    private static string Type => MessageUrn.ForTypeString<DeadLetterRetried>();

    [Theory]
    [MemberData(nameof(Envelopes))]
    public void Every_envelope_is_taken_or_refused_as_MassTransit_does(string json)
    {
        Assert.Equal(Taken(Theirs, json), Taken(Ours, json));
    }

    [Fact]
    public void What_is_published_is_what_arrives()
    {
        var sent = new DeadLetterRetried
        {
            Letter = "d#1 \u00e9\U0001d538",
            Digest = "d",
            ParserVersion = 6,
            Attempts = 2,
        };
        var envelope = new JsonMessageEnvelope
        {
            MessageId = Guid.NewGuid().ToString(),
            MessageType = [Type],
            Message = sent,
        };
        var json = JsonSerializer.Serialize<MessageEnvelope>(envelope, SystemTextJsonMessageSerializer.Options);

        var context = Ours.Deserialize(new StringMessageBody(json), EmptyHeaders.Instance);

        Assert.True(context.TryGetMessage<DeadLetterRetried>(out var taken));
        Assert.Equal(sent, taken);
        Assert.Equal(envelope.MessageId, context.MessageId.ToString());
    }

    // What comes of it, as text: the message and what its envelope says, or how it is refused.
    private static string Taken(IMessageDeserializer deserializer, string json)
    {
        try
        {
            var context = deserializer.Deserialize(new StringMessageBody(json), EmptyHeaders.Instance);
            return string.Join(
                '\n',
                context.TryGetMessage<DeadLetterRetried>(out var message) ? message?.ToString() : "another",
                context.TryGetMessage(typeof(DeadLetterRetried), out var named) ? named?.ToString() : "none",
                string.Join(',', context.SupportedMessageTypes),
                context.MessageId,
                context.SentTime,
                context.Headers.Count()
            );
        }
        catch (Exception refused) when (refused is SerializationException or JsonException)
        {
            return refused.GetType().Name;
        }
    }
}
