using System.Diagnostics;
using System.Text;
using MassTransit;

namespace PaperPipeline.ServiceDefaults.Messaging.Failures;

/// <summary>
/// Lets a worker fail on purpose, so that tests can watch what follows. <c>PAPERPIPELINE_FAILPOINT</c> is <c>die:TEXT</c>
/// (the process ends as by <c>kill -9</c>) or <c>throw:TEXT</c> (the consumer throws), for each message that holds the text.
/// </summary>
internal sealed class Failpoint : IFilter<ConsumeContext>
{
    /// <summary>Name of the variable.</summary>
    public const string Variable = "PAPERPIPELINE_FAILPOINT";

    private readonly bool dies;
    private readonly byte[] text;

    private Failpoint(bool dies, string text) => (this.dies, this.text) = (dies, Encoding.UTF8.GetBytes(text));

    /// <summary>The failpoint that the variable asks for; null where it asks for none.</summary>
    public static Failpoint? Read() =>
        Environment.GetEnvironmentVariable(Variable)?.Split(':', 2) switch
        {
            ["die", { Length: > 0 } text] => new(dies: true, text),
            ["throw", { Length: > 0 } text] => new(dies: false, text),
            _ => null,
        };

    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (context.ReceiveContext.Body.GetBytes().AsSpan().IndexOf(text) < 0)
            return next.Send(context);
        if (dies)
            Process.GetCurrentProcess().Kill();
        throw new InvalidOperationException($"{Variable} asks for a failure");
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("failpoint");
}
