using Trainer.Golden;
using Trainer.Kernels;

using Xunit;

namespace Trainer.Optimizers;

public sealed class OptimizerTests
{
    private const int Steps = 5;
    private const float Rate = 0.01f;

    private static readonly OptimizerSettings[] All =
    [
        new SgdSettings(0.9, 0.1),
        new SgdSettings(0.9, 0.1, Nesterov: true),
        .. Enum.GetValues<AdamVariant>().Select(variant => new AdamSettings(0.9, 0.999, 1e-8, 0.1, variant)),
        new RmsPropSettings(0.99, 1e-8, 0.1),
        new AdagradSettings(1e-10, 0.1),
        new AdadeltaSettings(0.9, 1e-6, 0.1),
    ];

    private static readonly Dictionary<string, (OptimizerSettings Settings, double Rate)> TorchNames = new()
    {
        ["sgd lr.1"] = (new SgdSettings(0, 0), 0.1),
        ["sgd lr.1 mom.9"] = (new SgdSettings(0.9, 0), 0.1),
        ["sgd lr.1 mom.9 nesterov"] = (new SgdSettings(0.9, 0, Nesterov: true), 0.1),
        ["sgd lr.1 wd.01"] = (new SgdSettings(0, 0.01), 0.1),
        ["adam lr.01"] = (new AdamSettings(0.9, 0.999, 1e-8, 0), 0.01),
        ["adam lr.01 wd.1 (L2)"] = (new AdamSettings(0.9, 0.999, 1e-8, 0.1), 0.01),
        ["adamw lr.01 wd.1"] = (new AdamSettings(0.9, 0.999, 1e-8, 0.1, AdamVariant.AdamW), 0.01),
        ["adam amsgrad lr.01"] = (new AdamSettings(0.9, 0.999, 1e-8, 0, AdamVariant.AmsGrad), 0.01),
        ["rmsprop lr.01 alpha.99"] = (new RmsPropSettings(0.99, 1e-8, 0), 0.01),
        ["adagrad lr.1"] = (new AdagradSettings(1e-10, 0), 0.1),
        ["adadelta lr1 rho.9"] = (new AdadeltaSettings(0.9, 1e-6, 0), 1),
        ["nadam lr.01"] = (new AdamSettings(0.9, 0.999, 1e-8, 0, AdamVariant.NAdam), 0.01),
    };

    public static TheoryData<string> Trajectories => [.. TorchFigures.Instance.Optimizers.Steps.Keys];

    // Every length from empty to past four 512-bit vectors, so each loop and each tail runs.
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 68)];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Sgd_AnyLength_EqualsTheScalarBitForBit(int length)
    {
        foreach ((float momentum, float decay) in new[] { (0f, 0f), (0.9f, 0f), (0f, 0.01f), (0.9f, 0.01f) })
        {
            float[] actual = Values(length, 0);
            float[] expected = [.. actual];
            float[] buffer = new float[length];
            IOptimizer optimizer = new SgdSettings(momentum, decay).Create(length);

            for (int step = 1; step <= Steps; step++)
            {
                float[] gradient = Values(length, step);
                optimizer.Step(actual, gradient, Rate);
                for (int i = 0; i < length; i++)
                {
                    float g = decay == 0 ? gradient[i] : MathF.FusedMultiplyAdd(decay, expected[i], gradient[i]);
                    g = momentum == 0 ? g : buffer[i] = Flush(MathF.FusedMultiplyAdd(momentum, buffer[i], g));
                    expected[i] = MathF.FusedMultiplyAdd(-Rate, g, expected[i]);
                }
            }

            AssertBits.Equal(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Adam_AnyLength_EqualsTheScalarBitForBit(int length)
    {
        // The tiny epsilon lets a second moment show that was not flushed.
        foreach ((float decay, float epsilon) in new[] { (0f, 1e-8f), (0.1f, 1e-8f), (0f, 1e-30f) })
        {
            float[] actual = Values(length, 0);
            float[] expected = [.. actual];
            float[] m = new float[length];
            float[] v = new float[length];
            IOptimizer optimizer = new AdamSettings(0.9, 0.999, epsilon, decay).Create(length);
            (double power1, double power2) = (1, 1);

            for (int step = 1; step <= Steps; step++)
            {
                float[] gradient = Values(length, step);
                optimizer.Step(actual, gradient, Rate);
                (power1, power2) = (power1 * 0.9, power2 * 0.999);
                float rate = -(float)(Rate / (1 - power1));
                float scale = (float)(1 / Math.Sqrt(1 - power2));
                for (int i = 0; i < length; i++)
                {
                    float g = decay == 0 ? gradient[i] : MathF.FusedMultiplyAdd(decay, expected[i], gradient[i]);
                    m[i] = Flush(MathF.FusedMultiplyAdd((float)(1 - 0.9), g, 0.9f * m[i]));
                    v[i] = Flush(MathF.FusedMultiplyAdd((float)(1 - 0.999) * g, g, 0.999f * v[i]));
                    float denominator = MathF.FusedMultiplyAdd(MathF.Sqrt(v[i]), scale, epsilon);
                    expected[i] = MathF.FusedMultiplyAdd(rate, m[i] / denominator, expected[i]);
                }
            }

            AssertBits.Equal(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(Trajectories))]
    public void Step_Trajectory_EqualsPyTorch(string name)
    {
        (OptimizerSettings settings, double rate) = TorchNames[name];
        TorchTrajectories figures = TorchFigures.Instance.Optimizers;
        double[] exact = [.. figures.Start];
        float[] weights = [.. figures.Start.Select(value => (float)value)];
        var reference = new ReferenceOptimizer(settings, exact.Length);
        IOptimizer optimizer = settings.Create(weights.Length);
        for (int t = 1; t <= Steps; t++)
        {
            double[] gradient = TorchTrajectories.Gradient(t);

            optimizer.Step(weights, [.. gradient.Select(value => (float)value)], (float)rate);
            reference.Step(exact, gradient, rate);

            AssertClose.Equal(figures.Steps[name][t - 1], [.. weights.Select(value => (double)value)], 1e-6);
            AssertClose.Equal(figures.Steps[name][t - 1], exact, 1e-12);
        }
    }

    [Fact]
    public void Step_FiftySteps_StaysCloseToTheReference()
    {
        foreach (OptimizerSettings settings in All)
        {
            double[] expected = [.. Enumerable.Range(0, 40).Select(i => ((i * 7 % 11) - 5) / 10.0)];
            float[] actual = [.. expected.Select(value => (float)value)];
            var reference = new ReferenceOptimizer(settings, 40);
            IOptimizer optimizer = settings.Create(40);

            for (int step = 1; step <= 50; step++)
            {
                float[] gradient = [.. Enumerable.Range(0, 40).Select(i => (((i + step) * 5 % 13) - 6) / 8f)];
                optimizer.Step(actual, gradient, Rate);
                reference.Step(expected, [.. gradient.Select(value => (double)value)], Rate);
            }

            AssertClose.Equal(expected, [.. actual.Select(value => (double)value)], 1e-5);
        }
    }

    // What a server relies on: it looks at the gradient only when an update has failed.
    [Theory]
    [InlineData(float.NaN, 1f)]
    [InlineData(float.PositiveInfinity, 1f)]
    [InlineData(float.NegativeInfinity, 1f)]
    [InlineData(float.MaxValue, 2f)]
    public void Step_GradientNotFinite_MakesTheWeightNotFinite(float gradient, float scale)
    {
        foreach (OptimizerSettings settings in All)
        {
            foreach (float rate in new[] { 0f, Rate })
            {
                foreach (int at in new[] { 0, 20 })
                {
                    IOptimizer optimizer = settings.Create(21);
                    float[] gradients = new float[21];
                    float[] updated = new float[21];
                    Assert.True(optimizer.Step(Values(21, 0), Values(21, 1), 1f, Rate, updated));
                    gradients[at] = gradient;

                    bool finite = optimizer.Step(Values(21, 0), gradients, scale, rate, updated);

                    Assert.False(finite, $"{settings}, rate {rate}, element {at}");
                    Assert.False(float.IsFinite(updated[at]));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Step_AnyOptimizerAndLength_EqualsOneElementAtATime(int length)
    {
        // One element runs through the scalar tail, so all widths, and every cut into partitions, have its bits.
        foreach (OptimizerSettings settings in All)
        {
            float[] actual = Values(length, 0);
            float[] expected = [.. actual];
            IOptimizer whole = settings.Create(length);
            IOptimizer[] single = [.. Enumerable.Range(0, length).Select(_ => settings.Create(1))];
            for (int step = 1; step <= Steps; step++)
            {
                float[] gradient = Values(length, step);
                whole.Step(actual, gradient, Rate);
                for (int i = 0; i < length; i++)
                {
                    single[i].Step(expected.AsSpan(i, 1), gradient.AsSpan(i, 1), Rate);
                }
            }

            AssertBits.Equal(expected, actual);
        }
    }

    [Fact]
    public void Step_PaddingLanes_StayPositiveZero()
    {
        foreach (OptimizerSettings settings in All)
        {
            IOptimizer optimizer = settings.Create(40);
            float[] weights = new float[40];

            for (int step = 0; step < 100; step++)
            {
                optimizer.Step(weights, new float[40], 0.1f);
            }

            AssertBits.Equal(new float[40], weights);
        }
    }

    [Fact]
    public void Step_DecayingMomentum_IsFlushedBelowTheNormalNumbers()
    {
        // The weight moves by the momentum alone; a subnormal momentum would move it further.
        IOptimizer sgd = new SgdSettings(0.5, 0).Create(1);
        float[] weights = [0f];
        sgd.Step(weights, [2e-38f], 1f);
        float[] before = [.. weights];

        sgd.Step(weights, [0f], 1f);

        AssertBits.Equal(before, weights);
    }

    [Fact]
    public void Create_BadSettings_NamesValueAndRange()
    {
        AssertRefused(new SgdSettings(1, 0), "'Momentum' is 1; allowed is 0 to below 1.");
        AssertRefused(new SgdSettings(double.NaN, 0), "'Momentum' is NaN; allowed is 0 to below 1.");
        AssertRefused(
            new SgdSettings(0, 0, Nesterov: true), "'Momentum' is 0; allowed is above 0 with Nesterov's momentum.");
        AssertRefused(new RmsPropSettings(1, 1e-8, 0), "'Alpha' is 1; allowed is 0 to below 1.");
        AssertRefused(new AdagradSettings(0, 0), "'Epsilon' is 0; allowed is a number of at least 1.2e-38.");
        AssertRefused(new AdadeltaSettings(-1, 1e-6, 0), "'Rho' is -1; allowed is 0 to below 1.");
        AssertRefused(new SgdSettings(0, -1), "'WeightDecay' is -1; allowed is a number of at least 0.");
        AssertRefused(new AdamSettings(1, 0.9, 1e-8, 0), "'Beta1' is 1; allowed is 0 to below 1.");
        AssertRefused(new AdamSettings(0.9, -0.1, 1e-8, 0), "'Beta2' is -0.1; allowed is 0 to below 1.");
        AssertRefused(new AdamSettings(0.9, 0.9, 0, 0), "'Epsilon' is 0; allowed is a number of at least 1.2e-38.");
    }

    [Fact]
    public void Step_WrongLength_Throws()
    {
        IOptimizer[] optimizers =
            [new SgdSettings(0.9, 0).Create(3), new AdamSettings(0.9, 0.999, 1e-8, 0).Create(3)];
        foreach (IOptimizer optimizer in optimizers)
        {
            Assert.Throws<ArgumentException>(() => optimizer.Step(new float[3], new float[2], 0.1f));
            Assert.Throws<ArgumentException>(() => optimizer.Step(new float[4], new float[4], 0.1f));
        }
    }

    private static void AssertRefused(OptimizerSettings settings, string message)
    {
        ArgumentOutOfRangeException error =
            Assert.Throws<ArgumentOutOfRangeException>(() => settings.Create(1));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    private static float Flush(float x) => MathF.Abs(x) < FloatBits.SmallestNormal ? 0f : x;

    // Small magnitudes among the others: their squares, products and moments are subnormal.
    private static float[] Values(int length, int step)
    {
        var random = new SeededRandom((ulong)step, RandomStream.Generator);
        return
        [
            .. Enumerable.Range(0, length).Select(i =>
                (random.Uniform(0, (ulong)i) - 0.5f) * (i % 5 == 4 ? 1e-18f : i % 7 == 6 ? 1e-37f : 1f)),
        ];
    }
}
