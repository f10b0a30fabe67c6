using System.Buffers.Binary;
using System.IO.Compression;

namespace PaperPipeline.Storage.Archive;

/// <summary>
/// Unpacks gzip and proves that it was whole: the runtime's stream takes a cut one for a short one. The last four bytes are
/// the size (RFC 1952, section 2.3.1); other codings have no such mark, so they are not asked for.
/// </summary>
public sealed class WholeGzipStream : Stream
{
    private readonly Func<string, Exception> incomplete;
    private readonly Tail tail;
    private readonly GZipStream gzip;
    private long size;

    /// <summary>Unpacks a stream, which is closed with this one.</summary>
    /// <param name="packed">The packed bytes.</param>
    /// <param name="incomplete">Makes the failure that is thrown where something is missing; an I/O failure by default.</param>
    public WholeGzipStream(Stream packed, Func<string, Exception>? incomplete = null)
    {
        this.incomplete = incomplete ?? (reason => new IOException(reason));
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

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    ) => Checked(await gzip.ReadAsync(buffer, cancellationToken), buffer.Length);

    public override int Read(Span<byte> buffer) => Checked(gzip.Read(buffer), buffer.Length);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    private int Checked(int read, int wanted)
    {
        size += read;
        return read == 0 && wanted > 0 && (size > 0 || tail.Any) && tail.Size != (uint)size
            ? throw incomplete("its gzip coding is not complete")
            : read;
    }

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
            Note(buffer.Span[..read]);
            return read;
        }

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            Note(buffer[..read]);
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        private void Note(ReadOnlySpan<byte> read)
        {
            Any |= read.Length > 0;
            var kept = Math.Min(read.Length, last.Length);
            last.AsSpan(kept).CopyTo(last);
            read[^kept..].CopyTo(last.AsSpan(last.Length - kept));
        }

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
