namespace PaperPipeline.Storage.Similarity;

/// <summary>How well answers agree with what is right. Of nothing said or nothing right, the share is 0.</summary>
public sealed class Agreement
{
    /// <summary>Pairs of which it is known.</summary>
    public int Pairs { get; private set; }

    /// <summary>Pairs that are one work and were called so.</summary>
    public int Found { get; private set; }

    /// <summary>Pairs that are different and were called one work.</summary>
    public int FalselyMerged { get; private set; }

    /// <summary>Pairs that are one work and were called different.</summary>
    public int Missed { get; private set; }

    /// <summary>Share of what was called one work that is.</summary>
    public double Precision => (double)Found / Math.Max(1, Found + FalselyMerged);

    /// <summary>Share of what is one work that was called so.</summary>
    public double Recall => (double)Found / Math.Max(1, Found + Missed);

    /// <summary>The harmonic mean of both.</summary>
    public double F1 => 2.0 * Found / Math.Max(1, (2 * Found) + FalselyMerged + Missed);

    /// <summary>Takes an answer into account.</summary>
    /// <param name="said">What was said.</param>
    /// <param name="same">What is right.</param>
    public void Add(bool said, bool same)
    {
        Pairs++;
        if (said && same)
            Found++;
        else if (said)
            FalselyMerged++;
        else if (same)
            Missed++;
    }
}
