using System.Globalization;
using System.Text;
using PaperPipeline.Parser;

namespace PaperPipeline.Tests.Parser;

[Collection(Alone.Name)]
public sealed class OaiMemoryTests
{
    [Fact]
    public void Thirty_thousand_papers_are_read_in_flat_memory()
    {
        var digest = new DigestParser().Parse(() => new Harvest(30_000), Pages.Context);
        var (read, early, most) = (0, 0L, 0L);
        foreach (var item in digest.Items)
        {
            Assert.IsType<ParsedEntry>(item);
            if (++read % 5000 != 0)
                continue;
            var held = GC.GetTotalMemory(forceFullCollection: true);
            (early, most) = (read == 5000 ? held : early, Math.Max(most, held));
        }

        Assert.Equal(30_000, read);
        // All of them are 60 MB of text.
        Assert.True(most < early + 8_000_000, $"{early} bytes were held after 5,000 papers, {most} at most");
    }

    /// <summary>An endless page of records, written as it is read.</summary>
    private sealed class Harvest(int records) : Stream
    {
        private readonly string text = new('x', 1000);
        private byte[] piece = [];
        private int at;
        private int written = -1;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (at == piece.Length)
            {
                piece = Encoding.UTF8.GetBytes(Next());
                at = 0;
            }

            var some = Math.Min(count, piece.Length - at);
            piece.AsSpan(at, some).CopyTo(buffer.AsSpan(offset));
            at += some;
            return some;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private string Next()
        {
            written++;
            return written == 0 ? "<OAI-PMH><ListRecords>"
                : written <= records
                    ? OaiTests
                        .Raw.Replace(
                            "2609.00001",
                            string.Create(CultureInfo.InvariantCulture, $"2609.{written:00000}"),
                            StringComparison.Ordinal
                        )
                        .Replace("We put lids", text, StringComparison.Ordinal)
                : written == records + 1 ? "</ListRecords></OAI-PMH>"
                : "";
        }
    }
}
