using System.CommandLine;
using System.Globalization;

namespace PaperPipeline.Cli;

/// <summary>Options that are numbers: whatever else is given is wrong usage, said in one line.</summary>
internal static class NumberOption
{
    /// <summary>Refuses what is no number, and numbers that are not meant.</summary>
    /// <param name="option">The option.</param>
    /// <param name="isMeant">True for numbers that may be given.</param>
    /// <param name="wrong">What is said of others.</param>
    public static void Require<T>(this Option<T> option, Func<T, bool> isMeant, string wrong)
        where T : IParsable<T> => Refuse(option, isMeant, wrong);

    /// <inheritdoc cref="Require{T}(Option{T}, Func{T, bool}, string)" />
    public static void Require<T>(this Option<T?> option, Func<T, bool> isMeant, string wrong)
        where T : struct, IParsable<T> => Refuse(option, isMeant, wrong);

    private static void Refuse<T>(Option option, Func<T, bool> isMeant, string wrong)
        where T : IParsable<T> =>
        option.Validators.Add(result =>
        {
            if (
                result.Tokens.Count > 0
                && !(T.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var given) && isMeant(given))
            )
                result.AddError(wrong);
        });
}
