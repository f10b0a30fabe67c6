using System.Buffers;
using System.Text.RegularExpressions;

namespace PaperPipeline.Parser.Mail;

/// <summary>One message of a mailbox.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="IsCut">It was larger than a message may be: only its beginning is there.</param>
internal readonly record struct MailboxMessage(int Number, ArraySegment<byte> Bytes, bool IsCut);

/// <summary>
/// Splits a mailbox (RFC 4155) into its messages and holds one at a time. A line that begins with "From " begins a message
/// where it reads like a mailbox's line, or stands behind a blank one, and a header follows; texts hold such lines too. What
/// does not begin with one is a single message.
/// </summary>
internal sealed partial class Mailbox(Func<Stream> open)
{
    /// <summary>Greatest size of one message, in bytes; the rest of a larger one is passed over.</summary>
    public const int LargestMessage = 32 * 1024 * 1024;

    // A mailbox's line and the name of a field are looked at as far as this.
    private const int LongestMarker = 1000;

    /// <summary>The messages, in order. Each call reads from the beginning.</summary>
    public IEnumerable<MailboxMessage> Messages()
    {
        using var lines = new LineReader(open());
        var message = new MemoryStream();
        var (number, isMailbox, isFirst, afterBlank, goesOn, isCut) = (0, false, true, true, false, false);
        byte[]? marker = null;
        while (lines.Read() is { } line)
        {
            if (isFirst)
            {
                if (line.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
                    line = line[3..];
                isMailbox = line.AsSpan().StartsWith("From "u8);
            }

            if (marker is not null)
            {
                if ((number == 0 && message.Length == 0) || BeginsHeader(line, marker))
                {
                    if (message.Length > 0)
                        yield return Take();
                }
                else
                {
                    Append(marker);
                }

                marker = null;
            }

            if (isMailbox && !goesOn && IsMarker(line, afterBlank))
            {
                marker = [.. line];
            }
            else
            {
                // In a mailbox a line of the message that begins so is written with a mark before it.
                Append(isMailbox && !goesOn && IsEscaped(line) ? line[1..] : line);
            }

            isFirst = false;
            goesOn = line.Count > 0 && line[^1] != (byte)'\n';
            afterBlank = !goesOn && line.AsSpan().TrimEnd("\r\n"u8).IsEmpty;
        }

        if (marker is not null && number > 0)
            Append(marker);
        if (message.Length > 0)
            yield return Take();

        void Append(ArraySegment<byte> line)
        {
            var room = (int)Math.Min(line.Count, LargestMessage - message.Length);
            isCut |= room < line.Count;
            // By itself it grows to twice what it may hold.
            if (message.Length + room > message.Capacity)
                message.Capacity = (int)
                    Math.Clamp(2L * message.Capacity, Math.Max(message.Length + room, 4096), LargestMessage);
            message.Write(line.AsSpan(0, room));
        }

        MailboxMessage Take()
        {
            var taken = new MailboxMessage(
                ++number,
                new ArraySegment<byte>(message.GetBuffer(), 0, (int)message.Length),
                isCut
            );
            (message, isCut) = (new MemoryStream(), false);
            return taken;
        }
    }

    private static bool IsMarker(ReadOnlySpan<byte> line, bool afterBlank)
    {
        if (!line.StartsWith("From "u8) || line.Length > LongestMarker)
            return false;
        return afterBlank || Marker().IsMatch(Letters(line));
    }

    private static bool IsEscaped(ReadOnlySpan<byte> line)
    {
        var marks = line.IndexOfAnyExcept((byte)'>');
        return marks > 0 && line[marks..].StartsWith("From "u8);
    }

    // Behind a mailbox's line that bears a date any field may follow; behind another one only what mails begin with.
    private static bool BeginsHeader(ReadOnlySpan<byte> line, ReadOnlySpan<byte> marker)
    {
        var colon = line[..Math.Min(line.Length, LongestMarker)].IndexOf((byte)':');
        if (colon <= 0 || line[..colon].IndexOfAnyExceptInRange((byte)'!', (byte)'~') >= 0)
            return false;
        if (Marker().IsMatch(Letters(marker)))
            return true;
        return FirstField().IsMatch(Letters(line[..colon]));
    }

    private static string Letters(ReadOnlySpan<byte> line) => System.Text.Encoding.Latin1.GetString(line);

    [GeneratedRegex(
        "^(?:from|to|cc|date|subject|sender|reply-to|received|return-path|delivered-to|message-id|mime-version|content-.*|x-.*|dkim-.*|arc-.*|authentication-.*|envelope-to|status)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex FirstField();

    [GeneratedRegex(@"^From (?:-|\S+)\s+(?:\w{3} \w{3} +\d|\w{3}, +\d)|^From -?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Marker();

    /// <summary>Reads lines with their ends; a long line comes in pieces.</summary>
    private sealed class LineReader(Stream stream) : IDisposable
    {
        private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        private int at;
        private int length;

        public ArraySegment<byte>? Read()
        {
            var end = buffer.AsSpan(at, length - at).IndexOf((byte)'\n');
            if (end < 0)
            {
                buffer.AsSpan(at, length - at).CopyTo(buffer);
                (length, at) = (length - at, 0);
                while (end < 0 && length < buffer.Length)
                {
                    var read = stream.Read(buffer, length, buffer.Length - length);
                    if (read == 0)
                        break;
                    end = buffer.AsSpan(length, read).IndexOf((byte)'\n');
                    end = end < 0 ? end : end + length;
                    length += read;
                }
            }

            var size = end < 0 ? length - at : end + 1;
            if (size == 0)
                return null;
            var line = new ArraySegment<byte>(buffer, at, size);
            at += size;
            return line;
        }

        public void Dispose()
        {
            stream.Dispose();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
