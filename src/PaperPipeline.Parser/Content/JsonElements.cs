using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Parser.Content;

/// <summary>One element of JSON, or a place where none could be read.</summary>
/// <param name="Position">Where it is: <c>element 3</c>, or <c>line 12</c> of JSON lines.</param>
/// <param name="Value">The element; it is valid until the next one is asked for.</param>
/// <param name="Problem">Set where there is none: what to report.</param>
internal readonly record struct JsonItem(string Position, JsonElement Value, ReportedPlace? Problem)
{
    /// <summary>Reports the element.</summary>
    public ReportedPlace Report(string reason) => new(Position, reason, Rejections.Excerpt(Value.GetRawText()));
}

/// <summary>
/// Streams the elements of an array in JSON, or of JSON lines, holding one at a time. A line that is no JSON is reported and
/// the next one read; where a single value breaks off, what follows is reported as one place.
/// </summary>
/// <param name="content">The digest.</param>
/// <param name="path">
/// The members that lead to the array; none for an array at the top or for JSON lines. An object at the top that is asked for
/// with no path is one element.
/// </param>
internal sealed class JsonElements(DigestContent content, params string[] path)
{
    /// <summary>Greatest size of one element, in bytes.</summary>
    public const int LargestElement = 4 * 1024 * 1024;

    private const int MostMembers = 200;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };
    private readonly Dictionary<string, string> members = new(StringComparer.Ordinal);

    /// <summary>
    /// Numbers, texts and truth values beside the array, by path, such as <c>meta.count</c>; complete once the elements are read.
    /// </summary>
    public IReadOnlyDictionary<string, string> Members => members;

    /// <summary>The elements, in order.</summary>
    public IEnumerable<JsonItem> Read() => content.Kind == ContentKind.JsonLines ? ReadLines() : ReadValue();

    private IEnumerable<JsonItem> ReadLines()
    {
        using var stream = content.OpenUtf8();
        using var window = new ByteWindow(stream);
        for (var number = 1; window.Fill(); number++)
        {
            var position = string.Create(CultureInfo.InvariantCulture, $"line {number}");
            var length = window.Span.IndexOf((byte)'\n');
            while (length < 0 && window.Span.Length <= LargestElement && window.More())
                length = window.Span.IndexOf((byte)'\n');
            if (length < 0 && window.Span.Length > LargestElement)
            {
                yield return Broken(position, $"longer than {LargestElement / 1024 / 1024} MiB: skipped", window.Span);
                while (length < 0)
                {
                    window.Skip(window.Span.Length);
                    if (!window.Fill())
                        yield break;
                    length = window.Span.IndexOf((byte)'\n');
                }

                window.Skip(length + 1);
                continue;
            }

            var end = length < 0 ? window.Span.Length : length;
            if (window.Span[..end].IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                var (document, problem) = Parse(window.Memory[..end]);
                if (document is null)
                    yield return Broken(position, problem!, window.Span[..end]);
                else
                    using (document)
                        yield return new JsonItem(position, document.RootElement, null);
            }

            window.Skip(Math.Min(end + 1, window.Span.Length));
        }
    }

    private IEnumerable<JsonItem> ReadValue()
    {
        using var stream = content.OpenUtf8();
        using var walk = new Walk(stream, path, members);
        for (var number = 1; ; number++)
        {
            var position = string.Create(CultureInfo.InvariantCulture, $"element {number}");
            JsonDocument? document = null;
            ReportedPlace? problem = null;
            try
            {
                document = walk.Next();
            }
            catch (Exception broken) when (broken is JsonException or InvalidDataException or InvalidOperationException)
            {
                problem = Broken(
                    position,
                    $"the JSON cannot be read from here on: {Message(broken)}",
                    walk.Rest
                ).Problem;
            }

            if (problem is not null)
                yield return new JsonItem(position, default, problem);
            if (document is null)
                break;
            using (document)
                yield return new JsonItem(position, document.RootElement, null);
        }

        if (!walk.Found && !walk.Broke)
            yield return Broken("the whole", $"there is no list '{string.Join('.', path)}' in it", []);
    }

    private static (JsonDocument? Document, string? Problem) Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            return (SoundJson.Of(JsonDocument.Parse(line, Options)), null);
        }
        catch (JsonException broken)
        {
            return (null, $"no JSON: {Message(broken)}");
        }
    }

    private static JsonItem Broken(string position, string reason, ReadOnlySpan<byte> text) =>
        new(position, default, new ReportedPlace(position, reason, Excerpt(text)));

    // The end tells a person nothing: "LineNumber: 0 | BytePositionInLine: 10."
    private static string Message(Exception broken) =>
        broken.Message.Split(" LineNumber:", 2)[0].TrimEnd('.').ReplaceLineEndings(" ");

    private static string Excerpt(ReadOnlySpan<byte> text) =>
        Rejections.Excerpt(Folding.Fold(Encoding.UTF8.GetString(text[..Math.Min(text.Length, 2000)])));

    /// <summary>Walks through one value, token by token, until it stands at an element of the array.</summary>
    private sealed class Walk(Stream stream, string[] path, Dictionary<string, string> members) : IDisposable
    {
        private readonly ByteWindow window = new(stream);
        private readonly List<string> open = [];
        private JsonReaderState state = new(new JsonReaderOptions { MaxDepth = Options.MaxDepth });
        private string? member;
        private bool inside;
        private bool started;
        private bool ended;

        /// <summary>The array was there.</summary>
        public bool Found { get; private set; }

        /// <summary>The value cannot be read any further.</summary>
        public bool Broke { get; private set; }

        public ReadOnlySpan<byte> Rest => window.Span;

        public void Dispose() => window.Dispose();

        public JsonDocument? Next()
        {
            if (Broke || ended)
                return null;
            try
            {
                while (true)
                {
                    var step = Step(out var document);
                    if (document is not null)
                        return SoundJson.Of(document);
                    if (step)
                        continue;
                    if (!window.More())
                    {
                        if (window.Final)
                            return End();
                        throw new InvalidDataException($"one value is larger than {LargestElement / 1024 / 1024} MiB");
                    }
                }
            }
            catch
            {
                Broke = true;
                throw;
            }
        }

        private JsonDocument? End()
        {
            // The reader says what is missing.
            var reader = new Utf8JsonReader(window.Span, isFinalBlock: true, state);
            while (reader.Read()) { }
            ended = true;
            return null;
        }

        // False when the bytes at hand do not suffice.
        private bool Step(out JsonDocument? document)
        {
            document = null;
            if (!started && window.Fill())
                started = true;
            var reader = new Utf8JsonReader(window.Span, window.Final, state);
            if (!reader.Read())
            {
                if (window.Final)
                    ended = true;
                Consume(reader);
                return false;
            }

            var isElement =
                (inside && reader.TokenType != JsonTokenType.EndArray)
                || (path.Length == 0 && open.Count == 0 && reader.TokenType == JsonTokenType.StartObject);
            if (isElement)
            {
                Found = true;
                if (!JsonDocument.TryParseValue(ref reader, out document))
                    return false;
                Consume(reader);
                return true;
            }

            Note(reader);
            Consume(reader);
            return true;
        }

        private void Note(in Utf8JsonReader reader)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    member = reader.GetString();
                    return;
                case JsonTokenType.StartArray when IsArray():
                    Found = inside = true;
                    return;
                case JsonTokenType.EndArray when inside:
                    inside = false;
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    open.Add(member ?? "");
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.RemoveAt(open.Count - 1);
                    break;
                default:
                    if (
                        member is not null
                        && members.Count < MostMembers
                        && open.Count <= 3
                        && reader.ValueSpan.Length < 2000
                    )
                        members[string.Join('.', open.Skip(1).Append(member))] =
                            reader.TokenType == JsonTokenType.String
                                ? reader.GetString()!
                                : Encoding.UTF8.GetString(reader.ValueSpan);
                    break;
            }

            member = null;
        }

        private bool IsArray() =>
            path.Length == 0
                ? open.Count == 0
                : open.Skip(1).Append(member).SequenceEqual(path, StringComparer.Ordinal);

        private void Consume(in Utf8JsonReader reader)
        {
            window.Skip((int)reader.BytesConsumed);
            state = reader.CurrentState;
        }
    }

    /// <summary>The bytes of a stream that are being looked at.</summary>
    private sealed class ByteWindow(Stream stream) : IDisposable
    {
        private byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        private int start;
        private int end;
        private bool began;

        public bool Final { get; private set; }

        public ReadOnlySpan<byte> Span => buffer.AsSpan(start, end - start);

        public ReadOnlyMemory<byte> Memory => buffer.AsMemory(start, end - start);

        public void Skip(int count) => start += count;

        /// <summary>False at the end.</summary>
        public bool Fill()
        {
            if (end == start && !Final)
                More();
            if (!began && Span.StartsWith("\uFEFF"u8))
                Skip(3);
            began = true;
            return end > start;
        }

        /// <summary>Reads more behind what is there; false at the end, or where it would be too much.</summary>
        public bool More()
        {
            if (Final)
                return false;
            if (end == buffer.Length)
            {
                if (end - start > LargestElement)
                    return false;
                var larger = start > buffer.Length / 2 ? buffer : ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                Span.CopyTo(larger);
                (start, end) = (0, end - start);
                if (larger != buffer)
                    ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            // To the brim: an element that is not whole yet is looked at again from its beginning.
            var read = stream.ReadAtLeast(buffer.AsSpan(end), buffer.Length - end, throwOnEndOfStream: false);
            Final = end + read < buffer.Length;
            end += read;
            return read > 0;
        }

        public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
    }
}
