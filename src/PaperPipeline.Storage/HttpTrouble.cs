using System.Security.Authentication;

namespace PaperPipeline.Storage;

/// <summary>Why a request over HTTP has no answer, in a few words.</summary>
public static class HttpTrouble
{
    /// <summary>True where no encrypted connection comes about, which trying again does not change.</summary>
    public static bool IsOfTls(Exception failure) => failure.InnerException is AuthenticationException;

    /// <summary>The reason, without a full stop.</summary>
    /// <param name="failure">What the request failed with.</param>
    /// <param name="authority">The setting that says which authority is trusted.</param>
    public static string Reason(Exception failure, string authority) =>
        failure switch
        {
            OperationCanceledException => "no answer in time",
            { InnerException: AuthenticationException tls } => tls.Message.Contains(
                "certificate",
                StringComparison.Ordinal
            )
                ? $"its certificate is not trusted ({tls.Message.TrimEnd('.')}); see {authority}"
                : $"an encrypted connection does not come about ({tls.Message.TrimEnd('.')}); its address may begin with http://",
            _ => (failure.InnerException ?? failure).Message.TrimEnd('.'),
        };
}
