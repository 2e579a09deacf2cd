using TaskRes.Core.Learning;
using TaskRes.Core.Learning.Descent;
using TaskRes.Core.Tests.Learning.Methods;

namespace TaskRes.Core.Tests.Learning.Descent;

public sealed class OptimizerTests
{
    public static TheoryData<string> Kinds => ["sgd", "sgd with decay", "adam", "adam with decay", "adamw"];

    /// <summary>More values than are taken at once, in two parameters.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Step_RandomGradients_AgreesWithItsFormulaInDoublePrecision(string kind)
    {
        var random = new Random(5);
        Matrix[] parameters = [Noise(random, 3, 1001), Noise(random, 1, 7)];
        double[][] expected = [.. parameters.Select(parameter => Array.ConvertAll(parameter.Values, value => (double)value))];
        var optimizer = Optimizer(kind);
        NaiveOptimizer[] naive = [Naive(kind), Naive(kind)];

        for (var step = 0; step < 20; step++)
        {
            Matrix[] gradients = [Noise(random, 3, 1001), Noise(random, 1, 7)];
            var before = gradients.Select(gradient => gradient.Values.ToArray()).ToArray();
            optimizer.Step(parameters, gradients, 0.01 * (step + 1));
            for (var index = 0; index < 2; index++)
            {
                Assert.Equal(before[index], gradients[index].Values);
                naive[index](expected[index], Array.ConvertAll(before[index], value => (double)value), 0.01 * (step + 1));
            }
        }

        for (var index = 0; index < 2; index++)
            Assert.InRange(Difference.Largest(Array.ConvertAll(expected[index], value => (float)value), parameters[index].Values), 0, 2e-5);
    }

    private static IOptimizer Optimizer(string kind) => kind switch
    {
        "sgd" => new MomentumDescent(0.9, 0),
        "sgd with decay" => new MomentumDescent(0.9, 0.1),
        "adam" => new AdamDescent(0),
        "adam with decay" => new AdamDescent(0.1),
        _ => new AdamDescent(0.1, 1e-4, decoupled: true),
    };

    private static NaiveOptimizer Naive(string kind) => kind switch
    {
        "sgd" => NaiveTraining.Momentum(0.9, 0),
        "sgd with decay" => NaiveTraining.Momentum(0.9, 0.1),
        "adam" => NaiveTraining.Adam(0),
        "adam with decay" => NaiveTraining.Adam(0.1),
        _ => NaiveTraining.Adam(0.1, 1e-4, decoupled: true),
    };

    private static Matrix Noise(Random random, int rows, int columns) =>
        new(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => (float)((2 * random.NextDouble()) - 1))]);
}
