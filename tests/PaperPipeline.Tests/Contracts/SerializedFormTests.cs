using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;
using PaperPipeline.Conformance;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Tests.Contracts;

/// <summary>Queued messages of the version before must still be read: the form on the wire may only grow.</summary>
public sealed class SerializedFormTests
{
    // What a bus of ours writes messages with, not what it is believed to.
    private static readonly JsonSerializerOptions Wire = OptionsOfBus();

    [Fact]
    public void Papers_enriched_keeps_its_form()
    {
        var message = new PapersEnriched
        {
            Digest = "d",
            Papers = [Observations.Of("d", 1, "T", arxiv: "2501.00001", text: "A")],
        };

        Assert.Equal(
            """{"digest":"d","papers":[{"entry":{"digest":"d","ordinal":1,"parserVersion":1,"source":"test","title":"T","abstract":"A","identifiers":{"arxiv":"2501.00001"},"observedAt":"2026-01-02T00:00:00+00:00","traceId":"00000000000000000000000000000001"},"enrichment":{"version":1,"title":"T","abstract":"A"}}]}""",
            JsonSerializer.Serialize(message, Wire)
        );
    }

    [Fact]
    public void Decisions_keep_their_form()
    {
        var at = DateTimeOffset.UnixEpoch;
        var split = new DecisionMade
        {
            Id = "i",
            Decision = new Decision
            {
                Kind = "split",
                DecidedAt = at,
                Entries =
                [
                    new EntryReference
                    {
                        Digest = "d",
                        Ordinal = 2,
                        ParserVersion = 1,
                        Key = "title:k",
                    },
                ],
                Keys = ["title:k"],
                Reason = "r",
            },
        };
        var merge = new Decision
        {
            Kind = "merge",
            DecidedAt = at,
            Papers = ["arxiv:2501.00001", "title:k"],
        };

        Assert.Equal(
            """{"id":"i","decision":{"kind":"split","decidedAt":"1970-01-01T00:00:00+00:00","entries":[{"digest":"d","ordinal":2,"parserVersion":1,"key":"title:k"}],"keys":["title:k"],"reason":"r"}}""",
            JsonSerializer.Serialize(split, Wire)
        );
        Assert.Equal(
            """{"kind":"merge","decidedAt":"1970-01-01T00:00:00+00:00","papers":["arxiv:2501.00001","title:k"]}""",
            JsonSerializer.Serialize(merge, Wire)
        );
        Assert.Equal(
            """{"kind":"dismiss","decidedAt":"1970-01-01T00:00:00+00:00","letters":[{"letter":"l","attempts":2,"parserVersion":1}]}""",
            JsonSerializer.Serialize(
                new Decision
                {
                    Kind = "dismiss",
                    DecidedAt = at,
                    Letters =
                    [
                        new LetterReference
                        {
                            Letter = "l",
                            Attempts = 2,
                            ParserVersion = 1,
                        },
                    ],
                },
                Wire
            )
        );
        Assert.Equal(
            """{"kind":"undo","decidedAt":"1970-01-01T00:00:00+00:00","undone":"i"}""",
            JsonSerializer.Serialize(
                new Decision
                {
                    Kind = "undo",
                    DecidedAt = at,
                    Undone = "i",
                },
                Wire
            )
        );
    }

    [Fact]
    public void Digest_messages_keep_their_form()
    {
        var fetched = new DigestFetched
        {
            Digest = "d",
            Size = 1,
            Name = "n",
            RetrievedAt = DateTimeOffset.UnixEpoch,
            TraceId = "t",
        };
        var parsed = new DigestParsed
        {
            Digest = "d",
            Entries = 2,
            Reported = 1,
            Shape = "s",
            Day = new DateOnly(2026, 5, 22),
            ParserVersion = 1,
        };

        Assert.Equal(
            """{"digest":"d","size":1,"name":"n","retrievedAt":"1970-01-01T00:00:00+00:00","traceId":"t"}""",
            JsonSerializer.Serialize(fetched, Wire)
        );
        Assert.Equal(
            """{"digest":"d","entries":2,"reported":1,"shape":"s","day":"2026-05-22","parserVersion":1}""",
            JsonSerializer.Serialize(parsed, Wire)
        );
    }

    [Fact]
    public void All_that_an_entry_may_state_keeps_its_form_and_comes_back()
    {
        var entry = Observations.Of("d", 1, "T").Entry with
        {
            PublishedAt = DateTimeOffset.UnixEpoch,
            Versions =
            [
                new PaperVersion { Version = 1, Date = DateTimeOffset.UnixEpoch },
                new PaperVersion { Version = 2 },
            ],
            Withdrawn = false,
            AnnounceType = AnnounceTypes.ReplaceCross,
            Categories = ["cs.CL"],
            Affiliations = ["U"],
            Comments = "c",
            JournalRef = "j",
            Licence = "l",
            Submitter = "s",
            Organization = "o",
            Links = [new Link { Url = "https://x.org/", Kind = "project" }],
            CodeUrl = "https://github.com/a/b",
            Repository = "a/b",
            Stars = 3,
            Language = "en",
            Extra = new Dictionary<string, string>(StringComparer.Ordinal) { ["k"] = "v" },
        };

        var form = JsonSerializer.Serialize(entry, Wire);

        Assert.EndsWith(
            """
            "title":"T","publishedAt":"1970-01-01T00:00:00+00:00","versions":[{"version":1,"date":"1970-01-01T00:00:00+00:00"},{"version":2}],"withdrawn":false,"announceType":"replace-cross","categories":["cs.CL"],"affiliations":["U"],"comments":"c","journalRef":"j","licence":"l","submitter":"s","organization":"o","links":[{"url":"https://x.org/","kind":"project"}],"codeUrl":"https://github.com/a/b","repository":"a/b","stars":3,"language":"en","extra":{"k":"v"},"observedAt":"2026-01-02T00:00:00+00:00","traceId":"00000000000000000000000000000001"}
            """,
            form,
            StringComparison.Ordinal
        );
        Assert.Equal(form, JsonSerializer.Serialize(JsonSerializer.Deserialize<Entry>(form, Wire), Wire));
    }

    private static JsonSerializerOptions OptionsOfBus()
    {
        Bus.Factory.CreateUsingInMemory(bus => bus.UseJson());
        return SystemTextJsonMessageSerializer.Options;
    }
}
