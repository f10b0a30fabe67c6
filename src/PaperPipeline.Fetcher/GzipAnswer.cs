using System.Buffers.Binary;
using System.IO.Compression;

namespace PaperPipeline.Fetcher;

/// <summary>
/// Unpacks gzip and proves that it was whole: the runtime's stream takes a cut one for a short one. The last four bytes are
/// the size (RFC 1952, section 2.3.1); other codings have no such mark, so they are not asked for.
/// </summary>
internal sealed class GzipAnswer : Stream
{
    private readonly Tail tail;
    private readonly GZipStream gzip;
    private long size;

    public GzipAnswer(Stream packed)
    {
        tail = new Tail(packed);
        gzip = new GZipStream(tail, CompressionMode.Decompress);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await gzip.ReadAsync(buffer, cancellationToken);
        size += read;
        if (read == 0 && buffer.Length > 0 && (size > 0 || tail.Any) && tail.Size != (uint)size)
            throw new IOException("its gzip coding is not complete");
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            gzip.Dispose();
            tail.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>Passes bytes on and remembers the last four.</summary>
    private sealed class Tail(Stream inner) : Stream
    {
        private readonly byte[] last = new byte[4];

        public bool Any { get; private set; }

        public uint Size => BinaryPrimitives.ReadUInt32LittleEndian(last);

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            Any |= read > 0;
            var kept = Math.Min(read, last.Length);
            last.AsSpan(kept).CopyTo(last);
            buffer.Span[(read - kept)..read].CopyTo(last.AsSpan(last.Length - kept));
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
