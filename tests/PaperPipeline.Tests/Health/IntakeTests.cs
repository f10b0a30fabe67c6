using CsCheck;
using PaperPipeline.ServiceDefaults.Health;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Tests.Health;

public sealed class IntakeTests
{
    private static readonly Gen<Taking> GenTaking = Gen.Enum<Taking>();

    [Fact]
    public void While_paused_nothing_is_taken_whatever_waits() =>
        Gen.Select(GenTaking, Gen.UInt.Nullable())
            .Sample((now, suspects) => IntakeTurns.Next(now, paused: true, suspects) == Taking.Nothing);

    [Fact]
    public void Suspects_are_taken_alone_and_before_all_else() =>
        Gen.Select(GenTaking, Gen.UInt[1, uint.MaxValue])
            .Sample((now, suspects) => IntakeTurns.Next(now, paused: false, suspects) == Taking.Alone);

    [Fact]
    public void Without_suspects_many_are_taken() =>
        GenTaking.Sample(now => IntakeTurns.Next(now, paused: false, 0) == Taking.Many);

    [Fact]
    public void While_the_broker_does_not_say_the_intake_stays_as_it_is() =>
        GenTaking.Sample(now => IntakeTurns.Next(now, paused: false, null) == now);

    [Theory]
    [InlineData(true, 0, 0, 3600, true)]
    [InlineData(true, 5, 0, 59, true)]
    [InlineData(true, 5, 0, 61, false)]
    [InlineData(true, 5, 1, 599, true)]
    [InlineData(true, 5, 1, 601, false)]
    [InlineData(false, 0, 0, 0, false)]
    public void A_worker_stalls_that_takes_nothing_or_gets_nothing_done(
        bool takes,
        uint waiting,
        int inHand,
        int idleSeconds,
        bool works
    ) => Assert.Equal(works, Watchdog.IsWorking(takes, waiting, inHand, TimeSpan.FromSeconds(idleSeconds)));

    [Fact]
    public void An_intake_that_does_not_open_is_opened_again_and_one_that_is_open_is_left_alone()
    {
        Assert.False(IntakeTurns.IsGivenUp(Opening.Ready, 1000));
        Assert.False(IntakeTurns.IsGivenUp(Opening.Awaited, 50));
        Assert.True(IntakeTurns.IsGivenUp(Opening.Awaited, 55));
        Assert.False(IntakeTurns.IsGivenUp(Opening.Faulted, 5));
        Assert.True(IntakeTurns.IsGivenUp(Opening.Faulted, 10));
    }
}
