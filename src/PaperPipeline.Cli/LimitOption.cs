using System.CommandLine;
using System.Globalization;

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
        limit.Validators.Add(result =>
        {
            if (
                result.Tokens.Count > 0
                && (
                    !int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var given)
                    || given < 1
                    || given > greatest
                )
            )
                result.AddError($"--limit must be a number from 1 to {greatest}.");
        });
        return limit;
    }
}
