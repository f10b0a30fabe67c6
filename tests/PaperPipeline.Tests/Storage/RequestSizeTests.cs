using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.Tests.Storage;

/// <summary>How large bulks may be after what a server said of the ones before.</summary>
public sealed class RequestSizeTests
{
    [Fact]
    public void What_was_too_large_once_is_halved_and_never_tried_again()
    {
        var size = new RequestSize(8_000);

        size.TooLarge(6_000);
        for (var n = 0; n < 1_000; n++)
            size.Taken();

        Assert.Equal(3_000, size.Greatest);
    }

    [Fact]
    public void A_document_that_alone_is_larger_than_a_request_may_be_says_nothing_of_the_others()
    {
        var size = new RequestSize(8_000);

        for (var n = 0; n < 10; n++)
            size.TooLarge(9_000);

        Assert.Equal(8_000, size.Greatest);
    }

    [Fact]
    public void Pressure_halves_and_calm_brings_back_slowly()
    {
        var size = new RequestSize(8_000);

        size.Overloaded(8_000);
        size.Overloaded(1_000);
        var pressed = size.Greatest;
        for (var n = 0; n < 1_000; n++)
            size.Taken();

        Assert.Equal((500, 8_000), (pressed, size.Greatest));
    }

    [Fact]
    public void Connections_that_break_make_requests_smaller_for_a_while_but_never_tiny()
    {
        const int most = 1 << 20;
        var size = new RequestSize(most);

        // Several at once say no more than one of them.
        for (var n = 0; n < 4; n++)
            size.BrokenOff(most);
        var once = size.Greatest;
        size.BrokenOff(1_000);
        var afterSmallOne = size.Greatest;
        for (var n = 0; n < 20; n++)
            size.BrokenOff(size.Greatest);
        var least = size.Greatest;
        for (var n = 0; n < 1_000; n++)
            size.Taken();

        Assert.Equal((most / 2, most / 2, 64 * 1024, most), (once, afterSmallOne, least, size.Greatest));
    }
}
