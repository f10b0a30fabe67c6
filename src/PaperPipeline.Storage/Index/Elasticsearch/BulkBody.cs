using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>One line pair of a bulk: which document is written, and under which condition.</summary>
/// <param name="Id">The document's <c>_id</c>.</param>
/// <param name="Known">The version that it must still have; null where it creates, replaces or asks.</param>
/// <param name="Offset">Where it begins in the body.</param>
/// <param name="Length">How many bytes it has there.</param>
internal sealed record BulkOperation(string Id, DocumentVersion? Known, int Offset, int Length);

/// <summary>A document's version for optimistic writes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DocumentVersion(long SeqNo, long PrimaryTerm);

/// <summary>
/// The body of a bulk: each document is serialised once, into one buffer. Buffers of that size are dear, so one that was taken
/// is used again.
/// </summary>
internal sealed class BulkBody : IBufferWriter<byte>, IDisposable
{
    private readonly Utf8JsonWriter writer;
    private readonly List<BulkOperation> operations = [];
    private byte[] buffer;
    private int taken;
    private bool isLent;

    /// <summary>An empty body.</summary>
    /// <param name="expected">About how many bytes it will have: a buffer that grows is copied each time.</param>
    public BulkBody(int expected = 16 * 1024)
    {
        buffer = ArrayPool<byte>.Shared.Rent(expected);
        writer = new Utf8JsonWriter(this, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>How many bytes it has.</summary>
    public int Length { get; private set; }

    public IReadOnlyList<BulkOperation> Operations => operations;

    public void Add(string id, DocumentVersion? known, Action<Utf8JsonWriter> source)
    {
        var offset = Length;
        writer.WriteStartObject();
        writer.WriteStartObject(known is null ? "create"u8 : "index"u8);
        writer.WriteString("_id"u8, id);
        if (known is { } version)
        {
            writer.WriteNumber("if_seq_no"u8, version.SeqNo);
            writer.WriteNumber("if_primary_term"u8, version.PrimaryTerm);
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
        EndLine();
        source(writer);
        EndLine();
        operations.Add(new(id, known, offset, Length - offset));
    }

    /// <summary>Writes a document whatever there is.</summary>
    public void Replace(string id, Action<Utf8JsonWriter> source)
    {
        var offset = Length;
        writer.WriteStartObject();
        writer.WriteStartObject("index"u8);
        writer.WriteString("_id"u8, id);
        writer.WriteEndObject();
        writer.WriteEndObject();
        EndLine();
        source(writer);
        EndLine();
        operations.Add(new(id, null, offset, Length - offset));
    }

    /// <summary>
    /// Asks for a document by an update that changes nothing, which the server answers from its log: to get one that was
    /// just written it refreshes the index first, which costs more than writing it did.
    /// </summary>
    /// <param name="id">Its <c>_id</c>.</param>
    /// <param name="otherwise">Writes the document where there is none; null to leave it so.</param>
    public void AddQuestion(string id, Action<Utf8JsonWriter>? otherwise)
    {
        var offset = Length;
        writer.WriteStartObject();
        writer.WriteStartObject("update"u8);
        writer.WriteString("_id"u8, id);
        writer.WriteEndObject();
        writer.WriteEndObject();
        EndLine();
        writer.WriteStartObject();
        writer.WriteStartObject("doc"u8);
        writer.WriteEndObject();
        if (otherwise is not null)
        {
            writer.WriteBoolean("_source"u8, true);
            writer.WritePropertyName("upsert"u8);
            otherwise(writer);
        }
        writer.WriteEndObject();
        EndLine();
        operations.Add(new(id, null, offset, Length - offset));
    }

    /// <summary>The bytes of neighbouring operations.</summary>
    public ReadOnlyMemory<byte> Bytes(BulkOperation first, BulkOperation last) =>
        buffer.AsMemory(first.Offset, last.Offset + last.Length - first.Offset);

    /// <summary>Notes that a server has read so many bytes to their end, and answered.</summary>
    public void Taken(int bytes) => taken += bytes;

    /// <summary>Notes that some of it was turned away, perhaps before its end: a connection may still be sending it.</summary>
    public void TurnedAway() => isLent = true;

    public void Dispose()
    {
        writer.Dispose();
        // The same holds for what no answer came to.
        if (taken == Length && !isLent)
            ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    void IBufferWriter<byte>.Advance(int count) => Length += count;

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, 1));
        return buffer.AsMemory(Length);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => ((IBufferWriter<byte>)this).GetMemory(sizeHint).Span;

    private void Reserve(int more)
    {
        if (buffer.Length - Length >= more)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(buffer.Length * 2, Length + more)));
        buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    private void EndLine()
    {
        writer.Flush();
        writer.Reset();
        this.Write("\n"u8);
    }
}
