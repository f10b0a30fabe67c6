using System.Text;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Tests.Parser.Content;

/// <summary>Content of digests in memory.</summary>
internal static class Contents
{
    public static DigestContent Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static DigestContent Of(byte[] bytes, string? mediaType = null) => new(() => new Trickle(bytes), mediaType);

    /// <summary>A stream that gives little at a time, as networks and archives may.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        private int turn;

        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, Math.Min(count, 1 + (turn++ * 7 % 5000)));

        public override int Read(Span<byte> buffer) =>
            base.Read(buffer[..Math.Min(buffer.Length, 1 + (turn++ * 7 % 5000))]);
    }
}
