using PaperPipeline.Storage.Archive;

namespace PaperPipeline.Parser.Content;

/// <summary>
/// A digest that was packed with gzip. It must be whole, and what comes out of it has a limit: behind few bytes may lie more
/// than there is room for.
/// </summary>
internal sealed class UnpackedStream(Stream packed) : Stream
{
    /// <summary>Greatest size, in bytes.</summary>
    public const long Largest = 256L * 1024 * 1024;

    private readonly WholeGzipStream content = new(packed, reason => new InvalidDataException(reason));
    private long size;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var read = content.Read(buffer);
        size += read;
        return size > Largest
            ? throw new InvalidDataException($"it unpacks to more than {Largest / 1024 / 1024} MiB")
            : read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            content.Dispose();
        base.Dispose(disposing);
    }
}
