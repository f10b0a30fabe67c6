using MimeKit;

namespace PaperPipeline.Parser.Mail;

/// <summary>Takes a message apart. The content of its parts stays where it is, in the message's bytes.</summary>
internal sealed class MessageTree : MimeReader
{
    /// <summary>Greatest depth of parts in parts.</summary>
    public const int Deepest = 64;

    /// <summary>Greatest number of parts of one message.</summary>
    public const int MostParts = 1000;

    /// <summary>Greatest number of header fields of one message and its parts.</summary>
    public const int MostHeaders = 20_000;

    /// <summary>Greatest size of one header field, in bytes. To read a larger one takes time beyond all measure.</summary>
    public const int LargestHeader = 256 * 1024;

    private readonly ReadOnlyMemory<byte> bytes;
    private readonly Stack<MailPart> around = new();
    private readonly Stack<MailMessage> messages = new();
    private List<Header> headers = [];
    private MailMessage? root;
    private MailPart? leaf;
    private int count;
    private int fields;
    private bool inHeader;
    private int headerSize;

    private MessageTree(ReadOnlyMemory<byte> bytes, Stream stream)
        : base(new MimeKit.ParserOptions { MaxMimeDepth = Deepest }, stream, MimeFormat.Entity) => this.bytes = bytes;

    /// <summary>The message that the bytes are.</summary>
    /// <exception cref="InvalidDataException">It exceeds a limit, or is no message.</exception>
    public static MailMessage Of(ArraySegment<byte> bytes)
    {
        using var stream = new Watched(bytes);
        var tree = new MessageTree(bytes, stream);
        stream.Tree = tree;
        try
        {
            tree.ReadMessage();
        }
        catch (FormatException broken)
        {
            // What came before is there already.
            if (tree.root?.Body is null)
                throw new InvalidDataException($"it is no mail: {broken.Message.TrimEnd('.')}", broken);
        }

        return tree.root ?? throw new InvalidDataException("it is no mail: it has no header");
    }

    protected override void OnMimeMessageBegin(
        long beginOffset,
        int beginLineNumber,
        CancellationToken cancellationToken
    )
    {
        // Its header is read by now.
        var message = new MailMessage { Headers = headers };
        if (root is null)
            root = message;
        else if (around.TryPeek(out var holder))
            holder.Message ??= message;
        messages.Push(message);
    }

    protected override void OnHeadersBegin(
        long beginOffset,
        int beginLineNumber,
        CancellationToken cancellationToken
    ) => (headers, inHeader, headerSize) = ([], true, 0);

    protected override void OnHeadersEnd(
        long beginOffset,
        int beginLineNumber,
        long endOffset,
        int endLineNumber,
        CancellationToken cancellationToken
    ) => inHeader = false;

    protected override void OnHeaderRead(Header header, int beginLineNumber, CancellationToken cancellationToken)
    {
        if (++fields > MostHeaders)
            throw new InvalidDataException($"the mail has more than {MostHeaders} header fields");
        headerSize = 0;
        headers.Add(header);
    }

    protected override void OnMimeMessageEnd(
        long beginOffset,
        int beginLineNumber,
        long headersEndOffset,
        long endOffset,
        int lines,
        CancellationToken cancellationToken
    )
    {
        if (messages.Count > 0)
            messages.Pop();
    }

    protected override void OnMimePartBegin(
        ContentType contentType,
        long beginOffset,
        int beginLineNumber,
        CancellationToken cancellationToken
    ) => leaf = Add(contentType);

    protected override void OnMimePartContentEnd(
        long beginOffset,
        int beginLineNumber,
        long endOffset,
        int lines,
        NewLineFormat? newLineFormat,
        CancellationToken cancellationToken
    )
    {
        var (from, to) = ((int)Math.Min(beginOffset, bytes.Length), (int)Math.Min(endOffset, bytes.Length));
        if (leaf is not null && to > from)
            leaf.Content = bytes[from..to];
    }

    protected override void OnMessagePartBegin(
        ContentType contentType,
        long beginOffset,
        int beginLineNumber,
        CancellationToken cancellationToken
    ) => around.Push(Add(contentType));

    protected override void OnMessagePartEnd(
        ContentType contentType,
        long beginOffset,
        int beginLineNumber,
        long headersEndOffset,
        long endOffset,
        int lines,
        CancellationToken cancellationToken
    ) => around.TryPop(out _);

    protected override void OnMultipartBegin(
        ContentType contentType,
        long beginOffset,
        int beginLineNumber,
        CancellationToken cancellationToken
    )
    {
        var part = Add(contentType);
        part.IsCutOff = true;
        around.Push(part);
    }

    protected override void OnMultipartEndBoundaryBegin(
        long beginOffset,
        int beginLineNumber,
        CancellationToken cancellationToken
    )
    {
        if (around.TryPeek(out var part))
            part.IsCutOff = false;
    }

    protected override void OnMultipartEnd(
        ContentType contentType,
        long beginOffset,
        int beginLineNumber,
        long headersEndOffset,
        long endOffset,
        int lines,
        CancellationToken cancellationToken
    ) => around.TryPop(out _);

    private MailPart Add(ContentType type)
    {
        if (++count > MostParts)
            throw new InvalidDataException($"the mail has more than {MostParts} parts");
        var part = new MailPart(type, headers);
        // The first part behind a message's header is its body.
        if (messages.TryPeek(out var message) && message.Body is null)
            message.Body = part;
        else if (around.TryPeek(out var holder))
            holder.Children.Add(part);
        return part;
    }

    /// <summary>The bytes of the message; a header field that never ends is seen before it is read.</summary>
    private sealed class Watched(ArraySegment<byte> bytes)
        : MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
    {
        public MessageTree? Tree { get; set; }

        public override int Read(byte[] buffer, int offset, int count) => Seen(base.Read(buffer, offset, count));

        public override int Read(Span<byte> buffer) => Seen(base.Read(buffer));

        private int Seen(int read)
        {
            if (Tree is { inHeader: true } tree && (tree.headerSize += read) > LargestHeader)
                throw new InvalidDataException($"a header field is larger than {LargestHeader / 1024} KiB");
            return read;
        }
    }
}
