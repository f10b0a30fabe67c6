using System.Text;
using System.Text.Json;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Parser.Content;

/// <summary>
/// The members that JSON begins with, as paths: <c>paper.id</c>; behind <c>[]</c> what stands in an array, so
/// <c>[].paper.id</c> for the elements of an array at the top and for JSON lines alike.
/// </summary>
internal sealed class JsonOutline
{
    private const int Deepest = 6;
    private readonly HashSet<string> paths = new(StringComparer.Ordinal);

    private JsonOutline() { }

    /// <summary>True when the value at the top is an array, or there is one on each line.</summary>
    public bool IsList { get; private set; }

    /// <summary>True when it is an array without elements.</summary>
    public bool IsEmptyList { get; private set; }

    /// <summary>What an object at the top says went wrong, as answers of APIs do; null where it says nothing.</summary>
    public string? Error { get; private set; }

    /// <summary>True when all the paths are there.</summary>
    public bool Has(params ReadOnlySpan<string> all)
    {
        foreach (var path in all)
            if (!paths.Contains(path))
                return false;
        return true;
    }

    /// <summary>The members nearest to the top, for a person.</summary>
    public string Describe() =>
        Error is not null ? $"it says: {Error}"
        : paths.Count == 0 ? "no members"
        : "members "
            + string.Join(
                ", ",
                paths
                    .OrderBy(p => p.Count(c => c is '.' or '['))
                    .ThenBy(p => p, StringComparer.Ordinal)
                    .Take(8)
                    .Select(p => p.Length > 40 ? p[..40] : p)
            );

    public static JsonOutline Of(DigestContent content)
    {
        var outline = new JsonOutline();
        if (content.Kind == ContentKind.JsonLines)
        {
            outline.IsList = true;
            foreach (var line in content.Head.Split('\n', 4).Take(3))
                outline.Walk(line, "[]");
        }
        else if (content.Kind == ContentKind.Json)
        {
            outline.Walk(content.Head, "");
        }

        return outline;
    }

    private void Walk(string text, string prefix)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), isFinalBlock: false, default);
        // The path of each open object or array, and the member that is being read.
        var (open, member, last) = (new Stack<string>(), prefix, JsonTokenType.None);
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject:
                        open.Push(member);
                        break;
                    case JsonTokenType.StartArray:
                        IsList |= open.Count == 0;
                        open.Push(member + "[]");
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        IsEmptyList |= open.Count == 1 && last == JsonTokenType.StartArray;
                        open.Pop();
                        break;
                    case JsonTokenType.PropertyName:
                        var name = reader.GetString();
                        member = open.Peek().Length == 0 ? name! : $"{open.Peek()}.{name}";
                        if (open.Count <= Deepest)
                            paths.Add(member);
                        last = reader.TokenType;
                        continue;
                }

                if (reader.TokenType == JsonTokenType.String && open.Count == 1 && member is "error" or "message")
                    Error ??= Rejections.Excerpt(Folding.Fold(reader.GetString()!));
                last = reader.TokenType;
                member = open.Count > 0 ? open.Peek() : "";
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // What came before is the outline; whoever reads it reports the place.
        }
    }
}
