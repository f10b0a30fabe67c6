namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>
/// How large a bulk request may be: halved when the server is overloaded, because one that alone exceeds what it can
/// hold is put off for ever, and slowly raised again; what was too large once is never tried again.
/// </summary>
/// <param name="most">Bytes at most, before compression.</param>
internal sealed class RequestSize(int most)
{
    private const int CalmBeforeGrowth = 20;
    private const int Small = 64 * 1024;

    private readonly Lock gate = new();
    private int ceiling = most;
    private int calm;
    private volatile int greatest = most;

    /// <summary>Bytes that a request may have now; one operation alone may have more.</summary>
    public int Greatest => greatest;

    /// <summary>A request of this size was too large for the server, whatever its state.</summary>
    public void TooLarge(int bytes)
    {
        lock (gate)
        {
            // One document alone may be larger than requests are, and says nothing of them.
            if (bytes > ceiling)
                return;
            ceiling = Half(ceiling, bytes);
            greatest = Math.Min(greatest, ceiling);
        }
    }

    /// <summary>The server was overloaded when it got a request of this size.</summary>
    public void Overloaded(int bytes)
    {
        lock (gate)
            (greatest, calm) = (Half(greatest, bytes), 0);
    }

    /// <summary>
    /// The connection broke while a request of this size was under way: something before the server may find it too large,
    /// and says so in this way. A server that dies does it too, so what is small already stays as it is.
    /// </summary>
    public void BrokenOff(int bytes)
    {
        if (bytes <= Small)
            return;
        lock (gate)
            (greatest, calm) = (Math.Min(greatest, Math.Max(Small, bytes / 2)), 0);
    }

    /// <summary>The server took a request well.</summary>
    public void Taken()
    {
        if (greatest == ceiling)
            return;
        lock (gate)
            if (++calm >= CalmBeforeGrowth)
                (greatest, calm) = ((int)Math.Min(ceiling, greatest * 2L), 0);
    }

    private static int Half(int size, int bytes) => Math.Max(1, Math.Min(size, bytes) / 2);
}
