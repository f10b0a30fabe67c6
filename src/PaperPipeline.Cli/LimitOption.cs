using System.CommandLine;

namespace PaperPipeline.Cli;

/// <summary><c>--limit</c>: how many papers a command gives at most.</summary>
internal static class LimitOption
{
    /// <summary>The option; 10 unless it is given.</summary>
    /// <param name="greatest">Greatest number that may be asked for.</param>
    public static Option<int> Of(int greatest)
    {
        var limit = new Option<int>("--limit")
        {
            Description = "Greatest number of papers",
            DefaultValueFactory = _ => 10,
        };
        limit.Require(given => given >= 1 && given <= greatest, $"--limit must be a number from 1 to {greatest}.");
        return limit;
    }
}
