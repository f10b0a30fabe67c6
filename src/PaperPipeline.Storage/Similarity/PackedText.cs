using PaperPipeline.Storage.Archive;

namespace PaperPipeline.Storage.Similarity;

/// <summary>Text that may be packed with gzip, told by its first two bytes; read once, from its beginning.</summary>
internal sealed class PackedText : Stream
{
    private static readonly byte[] Mark = [0x1F, 0x8B];

    private readonly Stream rest;
    private ReadOnlyMemory<byte> head;

    private PackedText(ReadOnlyMemory<byte> head, Stream rest) => (this.head, this.rest) = (head, rest);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The text's bytes; the content is closed with them.</summary>
    public static Stream Open(Stream content)
    {
        var first = new byte[Mark.Length];
        var read = content.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        var whole = new PackedText(first.AsMemory(0, read), content);
        return first.AsSpan(0, read).SequenceEqual(Mark) ? new WholeGzipStream(whole) : whole;
    }

    public override int Read(Span<byte> buffer)
    {
        if (head.Length == 0)
            return rest.Read(buffer);
        var count = Math.Min(head.Length, buffer.Length);
        head.Span[..count].CopyTo(buffer);
        head = head[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            rest.Dispose();
        base.Dispose(disposing);
    }
}
