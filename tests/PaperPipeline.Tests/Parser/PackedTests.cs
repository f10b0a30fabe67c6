using System.IO.Compression;
using System.Text;
using PaperPipeline.Parser;

namespace PaperPipeline.Tests.Parser;

public sealed class PackedTests
{
    private static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    [Fact]
    public void A_packed_digest_is_read_like_the_digest_itself()
    {
        var papers = Pages.Invent(3);

        Assert.Equal(papers, Pages.Parse(Pack(Encoding.UTF8.GetBytes(Pages.Page(papers)))).Papers());
    }

    [Fact]
    public void A_packed_digest_that_is_cut_or_lies_is_refused()
    {
        var packed = Pack(Encoding.UTF8.GetBytes(Pages.Page(Pages.Invent(3))));
        for (var length = 3; length < packed.Length; length += 7)
            Assert.Throws<UnreadableDigestException>(() => Pages.Parse(packed[..length]));
        packed[^1] ^= 1;
        Assert.Throws<UnreadableDigestException>(() => Pages.Parse(packed));
        packed[packed.Length / 2] ^= 0xFF;
        Assert.Throws<UnreadableDigestException>(() => Pages.Parse(packed));
    }

    [Fact]
    public void What_would_unpack_without_end_is_refused()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var text = Encoding.UTF8.GetBytes("Get trending papers in your email inbox!\n".PadRight(1 << 20, 'x'));
            for (var n = 0; n < 300; n++)
                gzip.Write(text);
        }

        var refused = Assert.Throws<UnreadableDigestException>(() => Pages.Parse(packed.ToArray()));

        Assert.Contains("256 MiB", refused.Reason, StringComparison.Ordinal);
    }
}
