using System.Text;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Cli;

/// <summary><c>papers compare</c> as a person runs it.</summary>
public sealed class CompareTests : IDisposable
{
    private const string Same =
        """{"a":{"title":"Reading dim images with borrowed light","authors":"Ada Lovelace","year":"2003"},"b":{"title":"Reading dim images with borrowed light","authors":"A Lovelace","year":"2003"},"label":1}""";

    private const string Different =
        """{"a":{"title":"Reading dim images with borrowed light"},"b":{"title":"Bridges and tides of the north"},"label":0}""";

    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Each_pair_is_answered_and_labels_give_figures()
    {
        var file = _program.Write("pairs.jsonl", $"{Same}\n{Different}\n");

        var run = await _program.RunAsync("papers", "compare", file);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(3, run.Lines.Count);
        Assert.StartsWith("    1. same ", run.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("    2. different ", run.Lines[1], StringComparison.Ordinal);
        Assert.Equal("2 labelled pairs: precision 1.000, recall 1.000, F1 1.000", run.LastLine);
    }

    [Fact]
    public async Task Standard_input_is_read_and_json_is_one_object_for_each_pair()
    {
        var run = await _program.RunOnInputAsync(Encoding.UTF8.GetBytes(Same), "papers", "compare", "-", "--json");

        Assert.Equal(0, run.Code);
        Assert.StartsWith("{\"line\":1,\"same\":true,\"score\":0.", run.Lines[0], StringComparison.Ordinal);
        Assert.Equal("{\"pairs\":1,\"precision\":1,\"recall\":1,\"f1\":1}", run.LastLine);
    }

    [Fact]
    public async Task A_line_that_is_no_pair_is_named_and_ends_it()
    {
        var file = _program.Write("pairs.jsonl", $"{Same}\n{{}}\n{Same}\n");

        var run = await _program.RunAsync("papers", "compare", file);

        Assert.Equal(1, run.Code);
        Assert.Single(run.Lines);
        Assert.Equal($"{file}: Line 2 is no pair of citations: it has no object \"a\".", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task A_file_that_is_missing_is_wrong_usage() =>
        Assert.Equal(2, (await _program.RunAsync("papers", "compare", "nowhere.jsonl")).Code);
}
