using System.Text.Json.Nodes;

namespace PaperPipeline.IntegrationTests.Support;

/// <summary>Invented digests, and their documents compared.</summary>
internal static class Digests
{
    /// <summary>The trending page with papers number <paramref name="first"/> and following.</summary>
    public static string Page(int papers, int first = 1, string? day = "May 22") =>
        string.Join(
            "\n\n",
            ((string?[])["new", "Subscribe", day])
                .OfType<string>()
                .Concat(Enumerable.Range(first, papers).Select(Paper))
        ) + "\n";

    /// <summary>Title of paper number <paramref name="n"/>.</summary>
    public static string Title(int n) => $"Invented Machine Number {n}: Counting Lanterns at Night";

    /// <summary>Writes digests in which each repeats the last paper of the one before; gives the folder.</summary>
    public static string WriteMany(string folder, int digests, int papersEach)
    {
        Directory.CreateDirectory(folder);
        for (var n = 0; n < digests; n++)
            File.WriteAllText(Path.Combine(folder, $"digest-{n:000}.txt"), Chained(n, papersEach));
        return folder;
    }

    /// <summary>Digest number <paramref name="n"/>, from 0, of a row in which each repeats the last paper of the one before.</summary>
    public static string Chained(int n, int papersEach) =>
        Page(papersEach, 1 + n * (papersEach - 1), $"May {1 + n % 28}");

    /// <summary>An export without what differs from run to run: times and trace ids.</summary>
    public static IReadOnlyList<string> Timeless(string export) =>
        [
            .. export
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => Timeless(JsonNode.Parse(line))!.ToJsonString()),
        ];

    private static string Paper(int n) =>
        $"{Title(n)}\n\n"
        + string.Concat(Enumerable.Repeat($"We count lanterns of street {n} and report what we saw. ", 9)).Trim();

    private static JsonNode? Timeless(JsonNode? node) =>
        node switch
        {
            JsonObject members => new JsonObject(
                members
                    .Where(m => !m.Key.EndsWith("At", StringComparison.Ordinal) && m.Key != "traceId")
                    .Select(m => KeyValuePair.Create(m.Key, Timeless(m.Value)))
            ),
            JsonArray items => new JsonArray([.. items.Select(Timeless)]),
            _ => node?.DeepClone(),
        };
}
