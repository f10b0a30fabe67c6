namespace PaperPipeline.Benchmarks.Similarity;

/// <summary>Logistic regression by Newton's method, with a ridge that keeps weights small for which little speaks.</summary>
internal static class LogisticFit
{
    private const int Steps = 50;
    private const double Enough = 1e-7;

    /// <summary>The weights of the features, and behind them the one that always counts.</summary>
    public static double[] Solve(IReadOnlyList<(bool Same, IReadOnlyList<double> Features)> examples, double ridge)
    {
        var count = examples[0].Features.Count + 1;
        var weights = new double[count];
        for (var step = 0; step < Steps; step++)
        {
            // One row for each weight: second derivatives, then the first.
            var system = new double[count, count + 1];
            foreach (var (same, features) in examples)
            {
                double[] x = [.. features, 1];
                var p = Chance(weights, features);
                var (slope, error) = (p * (1 - p), (same ? 1 : 0) - p);
                for (var i = 0; i < count; i++)
                {
                    if (x[i] == 0)
                        continue;
                    for (var j = 0; j < count; j++)
                        system[i, j] += slope * x[i] * x[j];
                    system[i, count] += error * x[i];
                }
            }
            for (var i = 0; i < count - 1; i++)
            {
                system[i, i] += ridge;
                system[i, count] -= ridge * weights[i];
            }
            system[count - 1, count - 1] += 1e-9;
            var greatest = 0.0;
            foreach (var (i, change) in Eliminate(system).Index())
            {
                weights[i] += change;
                greatest = Math.Max(greatest, Math.Abs(change));
            }
            if (greatest < Enough)
                break;
        }
        return weights;
    }

    /// <summary>How likely it is that the pair is one, 0 to 1.</summary>
    public static double Chance(double[] weights, IReadOnlyList<double> features) =>
        1 / (1 + Math.Exp(-Sum(weights, features)));

    private static double Sum(double[] weights, IReadOnlyList<double> features)
    {
        var sum = weights[^1];
        for (var i = 0; i < features.Count; i++)
            sum += weights[i] * features[i];
        return sum;
    }

    private static double[] Eliminate(double[,] system)
    {
        var count = system.GetLength(0);
        for (var column = 0; column < count; column++)
        {
            var pivot = Enumerable.Range(column, count - column).MaxBy(row => Math.Abs(system[row, column]));
            for (var k = 0; k <= count; k++)
                (system[column, k], system[pivot, k]) = (system[pivot, k], system[column, k]);
            for (var row = 0; row < count; row++)
            {
                var factor = system[row, column] / system[column, column];
                if (row == column || factor == 0)
                    continue;
                for (var k = column; k <= count; k++)
                    system[row, k] -= factor * system[column, k];
            }
        }
        return [.. Enumerable.Range(0, count).Select(i => system[i, count] / system[i, i])];
    }
}
