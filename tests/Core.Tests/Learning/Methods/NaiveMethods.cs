using TaskRes.Core.Learning;

namespace TaskRes.Core.Tests.Learning.Methods;

/// <summary>What a naive method came to.</summary>
/// <param name="Logits">From a raw image embedding.</param>
/// <param name="Losses">Of every step; none where nothing is stepped.</param>
internal sealed record NaiveResult(Func<double[], double[]> Logits, double[] Losses);

/// <summary>All methods a second time, from the papers' formulas, in double precision; gradients are differences of the loss.</summary>
internal static class NaiveMethods
{
    public static NaiveResult Fit(string method, NaiveTask task, TrainingSettings settings) => method switch
    {
        "zero-shot" => new NaiveResult(image => Plain.Cosines(NaiveTask.Scale, image, task.Base), []),
        "taskres" => TaskResidual(task, task.Base, settings),
        "taskres-enhanced" => TaskResidual(task, EnhancedBase(task, settings), settings),
        "taskres-learnable-alpha" => LearnableAlpha(task, settings),
        "taskres-image" => Trained(task, ImageResidual(task, settings.Alpha, withText: false), settings),
        "taskres-both" => Trained(task, ImageResidual(task, settings.Alpha, withText: true), settings),
        "linear-probe" => Probe(task, settings, hold: 0),
        "clap" => Probe(task, settings, hold: 1),
        "lp++" => LpPlusPlus(task, settings),
        "gda" => GaussianDiscriminant(task, settings),
        "tip-adapter" => new NaiveResult(image => Cache(task, Plain.Flat(Keys(task)), settings.Alpha, image), []),
        "tip-adapter-f" => TrainedCache(task, settings),
        "clip-adapter" => Trained(task, Adapter(task, settings), settings),
        "coop" => Prompts(task, settings),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "no such method"),
    };

    private static NaiveResult Trained(NaiveTask task, NaiveModel model, TrainingSettings settings, NaiveOptimizer? optimizer = null, Func<int, int, int, double>? rate = null)
    {
        var (parameters, losses) = NaiveTraining.Run(task, model, settings, optimizer ?? NaiveTraining.Adam(settings.WeightDecay), rate);
        return new NaiveResult(image => model.Logits(parameters, image), losses);
    }

    private static NaiveResult TaskResidual(NaiveTask task, double[][] baseClassifier, TrainingSettings settings) => Trained(
        task,
        new NaiveModel(new double[5 * 16], (x, image) => Plain.Cosines(NaiveTask.Scale, image, baseClassifier.Zip(x.Chunk(16), (t, own) => Plain.Sum(t, own, settings.Alpha)))),
        settings);

    // The hidden vectors are those of which the projection as it came makes the base.
    private static double[][] EnhancedBase(NaiveTask task, TrainingSettings settings)
    {
        var transposed = Plain.Transposed(task.Projection);
        var hidden = Plain.Product(Plain.Product(task.Base, transposed), Plain.Inverse(Plain.Product(task.Projection, transposed)));
        double[][] Classes(double[] projection) => Plain.Product(hidden, [.. projection.Chunk(16)]);
        var model = new NaiveModel(Plain.Flat(task.Projection), (projection, image) => Plain.Cosines(NaiveTask.Scale, image, Classes(projection)));
        return Classes(NaiveTraining.Run(task, model, settings with { Epochs = 50 }, NaiveTraining.Adam(settings.WeightDecay)).Parameters);
    }

    private static NaiveResult LearnableAlpha(NaiveTask task, TrainingSettings settings) => Trained(
        task,
        new NaiveModel([.. new double[5 * 16], settings.Alpha], (p, image) => Plain.Cosines(NaiveTask.Scale, image, task.Base.Zip(p[..^1].Chunk(16), (t, own) => Plain.Sum(t, own, p[^1])))),
        settings);

    private static NaiveModel ImageResidual(NaiveTask task, double alpha, bool withText) => new(
        new double[withText ? 6 * 16 : 16],
        (p, image) => Plain.Cosines(
            NaiveTask.Scale,
            Plain.Sum(image, p[..16], alpha),
            withText ? task.Base.Zip(p[16..].Chunk(16), (t, own) => Plain.Sum(t, own, alpha)) : task.Base));

    // The class vectors are ten long on average; CLAP holds each by the base's mean probability of the class on its examples.
    private static NaiveResult Probe(NaiveTask task, TrainingSettings settings, double hold)
    {
        var longer = 10 / task.Base.Average(Plain.Length);
        double[][] start = [.. task.Base.Select(row => Plain.Scaled(row, longer))];
        var confidence = Enumerable.Range(0, 5).Select(label => Enumerable.Range(0, task.Labels.Length).Where(example => task.Labels[example] == label)
            .Average(example => Plain.Softmax(Plain.Cosines(NaiveTask.Scale, task.Image(example), task.Base))[label])).ToArray();
        double Penalty(double[] w) => hold * w.Chunk(16).Select((row, k) => confidence[k] * Plain.Dot(Plain.Sum(row, start[k], -1), Plain.Sum(row, start[k], -1))).Average();
        var model = new NaiveModel(Plain.Flat(start), (w, image) => Plain.Cosines(NaiveTask.Scale, image, w.Chunk(16)), Penalty);
        return Trained(task, model, settings, NaiveTraining.Momentum(0.9, settings.WeightDecay));
    }

    // Full-batch descent on the evaluation crops; w and b with one step size, a with another.
    private static NaiveResult LpPlusPlus(NaiveTask task, TrainingSettings settings)
    {
        var images = Enumerable.Range(0, task.Labels.Length).Select(example => Plain.Unit(task.Image(example))).ToArray();
        var directions = Array.ConvertAll(task.Base, Plain.Unit);
        var sums = Enumerable.Range(0, 5).Select(label => images.Where((_, example) => task.Labels[example] == label).Aggregate((a, b) => Plain.Sum(a, b)));
        double[] p = [.. Plain.Flat(sums), .. new double[5], .. Enumerable.Repeat(NaiveTask.Scale, 5)];

        var weightRate = 4 * images.Length / (1.01 * Plain.LargestEigenvalue(Plain.Product(Plain.Transposed(images), images)));
        var blendRate = images.Length / (4 * directions.Max(t => images.Sum(f => Plain.Dot(f, t) * Plain.Dot(f, t))));
        double[] Logits(double[] at, double[] f) => [.. Enumerable.Range(0, 5).Select(k => Plain.Dot(f, at[(k * 16)..((k + 1) * 16)]) + at[80 + k] + (at[85 + k] * Plain.Dot(f, directions[k])))];
        double Loss(double[] at) => images.Select((f, example) => Plain.CrossEntropy(Logits(at, f), task.Labels[example])).Average();

        var losses = new double[settings.Epochs!.Value];
        for (var epoch = 0; epoch < losses.Length; epoch++)
        {
            losses[epoch] = Loss(p);
            var gradient = NaiveTraining.Gradient(Loss, p);
            for (var i = 0; i < p.Length; i++) p[i] -= (i < 85 ? weightRate : blendRate) * gradient[i];
        }
        return new NaiveResult(image => Logits(p, Plain.Unit(image)), losses);
    }

    // All views are samples.
    private static NaiveResult GaussianDiscriminant(NaiveTask task, TrainingSettings settings)
    {
        var samples = Enumerable.Range(0, task.Views * task.Labels.Length).Select(row => (Image: Plain.Unit(task.Image(row)), Label: task.Labels[row % task.Labels.Length])).ToArray();
        var means = Enumerable.Range(0, 5).Select(label => Plain.Scaled(
            samples.Where(sample => sample.Label == label).Select(sample => sample.Image).Aggregate((a, b) => Plain.Sum(a, b)),
            1.0 / samples.Count(sample => sample.Label == label))).ToArray();
        double[][] centred = [.. samples.Select(sample => Plain.Sum(sample.Image, means[sample.Label], -1))];
        var scatter = Plain.Product(Plain.Transposed(centred), centred); // (n − 1)Σ
        var trace = Enumerable.Range(0, 16).Sum(d => scatter[d][d]) / (samples.Length - 1);
        for (var d = 0; d < 16; d++) scatter[d][d] += trace;
        var weights = Plain.Product(means, [.. Plain.Inverse(scatter).Select(row => Plain.Scaled(row, 16))]);
        double[] Beside(double[] f) => [.. weights.Select((w, k) => settings.Alpha * (Plain.Dot(f, w) + Math.Log(1.0 / 5) - (Plain.Dot(means[k], w) / 2)))];
        return new NaiveResult(image => Plain.Sum(Plain.Cosines(NaiveTask.Scale, image, task.Base), Beside(Plain.Unit(image))), []);
    }

    private static double[][] Keys(NaiveTask task) => [.. Enumerable.Range(0, task.Labels.Length).Select(example =>
        Plain.Unit(Enumerable.Range(0, task.Views).Select(view => Plain.Unit(task.Image((view * task.Labels.Length) + example))).Aggregate((a, b) => Plain.Sum(a, b))))];

    private static double[] Cache(NaiveTask task, double[] keys, double alpha, double[] image)
    {
        var logits = Plain.Cosines(NaiveTask.Scale, image, task.Base);
        var rows = keys.Chunk(16).ToArray();
        for (var n = 0; n < rows.Length; n++) logits[task.Labels[n]] += alpha * Math.Exp(-5.5 * (1 - Plain.Dot(Plain.Unit(image), rows[n])));
        return logits;
    }

    private static NaiveResult TrainedCache(NaiveTask task, TrainingSettings settings) => Trained(
        task,
        new NaiveModel(Plain.Flat(Keys(task)), (keys, image) => Cache(task, keys, settings.Alpha, image)),
        settings,
        NaiveTraining.Adam(settings.WeightDecay, 1e-4, decoupled: true),
        (_, step, steps) => settings.LearningRate / 2 * (1 + Math.Cos(Math.PI * step / steps)));

    // 16 → 4 → 16; 0.2 of the result beside 0.8 of the image. Both layers start uniform within one over the root of their inputs.
    private static NaiveModel Adapter(NaiveTask task, TrainingSettings settings)
    {
        var random = new SeededRandom(settings.Seed);
        double[] start = [.. Enumerable.Range(0, 4 * 16).Select(_ => ((2 * random.Uniform()) - 1) / 4), .. Enumerable.Range(0, 16 * 4).Select(_ => ((2 * random.Uniform()) - 1) / 2)];
        double[] Adapted(double[] p, double[] unit)
        {
            var hidden = p[..64].Chunk(16).Select(row => Math.Max(0, Plain.Dot(row, unit))).ToArray();
            var output = p[64..].Chunk(4).Select(row => Math.Max(0, Plain.Dot(row, hidden))).ToArray();
            return Plain.Sum(Plain.Scaled(unit, 0.8), output, 0.2);
        }
        return new NaiveModel(start, (p, image) => Plain.Cosines(NaiveTask.Scale, Adapted(p, Plain.Unit(image)), task.Base));
    }

    private static NaiveResult Prompts(NaiveTask task, TrainingSettings settings)
    {
        var random = new SeededRandom(settings.Seed);
        double[] start = [.. Enumerable.Range(0, task.Tower.MaxContext * task.Tower.Width).Select(_ => 0.02 * random.Normal())];
        var model = new NaiveModel(start, (context, image) => Plain.Cosines(NaiveTask.Scale, image, task.Tower.Encode(context)));
        return Trained(task, model, settings, NaiveTraining.Momentum(0.9, settings.WeightDecay));
    }
}
