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
}
