namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>An answer had more bytes than it may have.</summary>
internal sealed class AnswerTooLargeException(int most)
    : IOException($"the answer is larger than {most / (1024 * 1024)} MiB");

/// <summary>Reads no more than so many bytes: an endless answer, or one that unpacks without end, must not fill the memory.</summary>
internal sealed class BoundedStream(Stream inner, int most) : Stream
{
    private long taken;

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
    ) => Count(await inner.ReadAsync(buffer, cancellationToken));

    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Count(int read) => (taken += read) <= most ? read : throw new AnswerTooLargeException(most);
}
