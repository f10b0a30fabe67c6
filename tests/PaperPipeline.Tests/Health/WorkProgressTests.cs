using System.Reflection;
using MassTransit;
using Microsoft.Extensions.Time.Testing;
using PaperPipeline.ServiceDefaults.Health;

namespace PaperPipeline.Tests.Health;

public sealed class WorkProgressTests
{
    [Fact]
    public async Task A_message_whose_failure_is_told_twice_leaves_the_hand_once()
    {
        var progress = new WorkProgress(new FakeTimeProvider());
        var (unreadable, slow) = (NewMessage(), NewMessage());

        await progress.PreReceive(unreadable);
        await progress.PreReceive(slow);
        await progress.ReceiveFault(unreadable, new InvalidOperationException());
        await progress.PostReceive(unreadable);

        Assert.Equal(1, progress.InHand);
        await progress.PostReceive(slow);
        Assert.Equal(0, progress.InHand);
    }

    private static ReceiveContext NewMessage() => DispatchProxy.Create<ReceiveContext, NoBroker>();

    // Nothing is asked of the message itself.
    public class NoBroker : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => null;
    }
}
