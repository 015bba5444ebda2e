namespace Trainer.Jobs.Schema;

/// <summary>The sections <c>optimizer</c> and <c>schedule</c> of the job file.</summary>
internal static class OptimizerSchema
{
    /// <summary>Section <c>optimizer</c>.</summary>
    public static NamedSection<OptimizerSpec> Optimizer { get; } = new(
        [
            new Variant<OptimizerSpec, AdamSpec>("adam", new Section<AdamSpec>(
                new AdamSpec(),
                [
                    LearningRate<AdamSpec>((s, v) => s with { LearningRate = v }),
                    Key<AdamSpec>.Of(
                        "beta1", "Decay of the first moment.",
                        new NumberRule { From = 0, Below = 1 }, s => s.Beta1, (s, v) => s with { Beta1 = v }),
                    Key<AdamSpec>.Of(
                        "beta2", "Decay of the second moment.",
                        new NumberRule { From = 0, Below = 1 }, s => s.Beta2, (s, v) => s with { Beta2 = v }),
                    Key<AdamSpec>.Of(
                        "epsilon", "Added to the root of the second moment.",
                        new NumberRule { Above = 0 }, s => s.Epsilon, (s, v) => s with { Epsilon = v }),
                    Key<AdamSpec>.Of(
                        "amsgrad", "Divide by the largest second moment so far.",
                        new SwitchRule(), s => s.AmsGrad, (s, v) => s with { AmsGrad = v }),
                    .. Regularisation<AdamSpec>(
                        (s, v) => s with { WeightDecay = v },
                        (s, v) => s with { DecayBiases = v },
                        (s, v) => s with { ClipNorm = v }),
                ])),
            new Variant<OptimizerSpec, SgdSpec>("sgd", new Section<SgdSpec>(
                new SgdSpec(),
                [
                    LearningRate<SgdSpec>((s, v) => s with { LearningRate = v }),
                    Key<SgdSpec>.Of(
                        "momentum", "Share of the last step that is kept.",
                        new NumberRule { From = 0, Below = 1 }, s => s.Momentum, (s, v) => s with { Momentum = v }),
                    Key<SgdSpec>.Of(
                        "nesterov", "Nesterov's momentum.",
                        new SwitchRule(), s => s.Nesterov, (s, v) => s with { Nesterov = v }),
                    .. Regularisation<SgdSpec>(
                        (s, v) => s with { WeightDecay = v },
                        (s, v) => s with { DecayBiases = v },
                        (s, v) => s with { ClipNorm = v }),
                ])),
            new Variant<OptimizerSpec, AdamWSpec>("adamw", new Section<AdamWSpec>(
                new AdamWSpec(),
                [
                    LearningRate<AdamWSpec>((s, v) => s with { LearningRate = v }),
                    Key<AdamWSpec>.Of(
                        "beta1", "Decay of the first moment.",
                        new NumberRule { From = 0, Below = 1 }, s => s.Beta1, (s, v) => s with { Beta1 = v }),
                    Key<AdamWSpec>.Of(
                        "beta2", "Decay of the second moment.",
                        new NumberRule { From = 0, Below = 1 }, s => s.Beta2, (s, v) => s with { Beta2 = v }),
                    Key<AdamWSpec>.Of(
                        "epsilon", "Added to the root of the second moment.",
                        new NumberRule { Above = 0 }, s => s.Epsilon, (s, v) => s with { Epsilon = v }),
                    .. Regularisation<AdamWSpec>(
                        (s, v) => s with { WeightDecay = v },
                        (s, v) => s with { DecayBiases = v },
                        (s, v) => s with { ClipNorm = v }),
                ])),
            new Variant<OptimizerSpec, NAdamSpec>("nadam", new Section<NAdamSpec>(
                new NAdamSpec(),
                [
                    LearningRate<NAdamSpec>((s, v) => s with { LearningRate = v }),
                    Key<NAdamSpec>.Of(
                        "beta1", "Decay of the first moment.",
                        new NumberRule { From = 0, Below = 1 }, s => s.Beta1, (s, v) => s with { Beta1 = v }),
                    Key<NAdamSpec>.Of(
                        "beta2", "Decay of the second moment.",
                        new NumberRule { From = 0, Below = 1 }, s => s.Beta2, (s, v) => s with { Beta2 = v }),
                    Key<NAdamSpec>.Of(
                        "epsilon", "Added to the root of the second moment.",
                        new NumberRule { Above = 0 }, s => s.Epsilon, (s, v) => s with { Epsilon = v }),
                    .. Regularisation<NAdamSpec>(
                        (s, v) => s with { WeightDecay = v },
                        (s, v) => s with { DecayBiases = v },
                        (s, v) => s with { ClipNorm = v }),
                ])),
            new Variant<OptimizerSpec, RmsPropSpec>("rmsprop", new Section<RmsPropSpec>(
                new RmsPropSpec(),
                [
                    LearningRate<RmsPropSpec>((s, v) => s with { LearningRate = v }),
                    Key<RmsPropSpec>.Of(
                        "alpha", "Decay of the mean square.",
                        new NumberRule { From = 0, Below = 1 }, s => s.Alpha, (s, v) => s with { Alpha = v }),
                    Key<RmsPropSpec>.Of(
                        "epsilon", "Added to the root of the mean square.",
                        new NumberRule { Above = 0 }, s => s.Epsilon, (s, v) => s with { Epsilon = v }),
                    .. Regularisation<RmsPropSpec>(
                        (s, v) => s with { WeightDecay = v },
                        (s, v) => s with { DecayBiases = v },
                        (s, v) => s with { ClipNorm = v }),
                ])),
            new Variant<OptimizerSpec, AdagradSpec>("adagrad", new Section<AdagradSpec>(
                new AdagradSpec(),
                [
                    LearningRate<AdagradSpec>((s, v) => s with { LearningRate = v }),
                    Key<AdagradSpec>.Of(
                        "epsilon", "Added to the root of the sum of squares.",
                        new NumberRule { Above = 0 }, s => s.Epsilon, (s, v) => s with { Epsilon = v }),
                    .. Regularisation<AdagradSpec>(
                        (s, v) => s with { WeightDecay = v },
                        (s, v) => s with { DecayBiases = v },
                        (s, v) => s with { ClipNorm = v }),
                ])),
            new Variant<OptimizerSpec, AdadeltaSpec>("adadelta", new Section<AdadeltaSpec>(
                new AdadeltaSpec(),
                [
                    LearningRate<AdadeltaSpec>((s, v) => s with { LearningRate = v }),
                    Key<AdadeltaSpec>.Of(
                        "rho", "Decay of both mean squares.",
                        new NumberRule { From = 0, Below = 1 }, s => s.Rho, (s, v) => s with { Rho = v }),
                    Key<AdadeltaSpec>.Of(
                        "epsilon", "Added under both roots.",
                        new NumberRule { Above = 0 }, s => s.Epsilon, (s, v) => s with { Epsilon = v }),
                    .. Regularisation<AdadeltaSpec>(
                        (s, v) => s with { WeightDecay = v },
                        (s, v) => s with { DecayBiases = v },
                        (s, v) => s with { ClipNorm = v }),
                ])),
        ]);

    /// <summary>Section <c>schedule</c>.</summary>
    public static NamedSection<ScheduleSpec> Schedule { get; } = new(
        [
            new Variant<ScheduleSpec, ConstantScheduleSpec>("constant", new Section<ConstantScheduleSpec>(
                new ConstantScheduleSpec(),
                [
                    Warmup<ConstantScheduleSpec>((s, v) => s with { WarmupSteps = v }),
                ])),
            new Variant<ScheduleSpec, StepScheduleSpec>("step", new Section<StepScheduleSpec>(
                new StepScheduleSpec(),
                [
                    Key<StepScheduleSpec>.Of(
                        "every", "Epochs between two changes of the rate.",
                        new IntegerRule<int>(1, int.MaxValue), s => s.Every, (s, v) => s with { Every = v }),
                    Key<StepScheduleSpec>.Of(
                        "factor", "Factor of each change.",
                        new NumberRule { Above = 0 }, s => s.Factor, (s, v) => s with { Factor = v }),
                    Warmup<StepScheduleSpec>((s, v) => s with { WarmupSteps = v }),
                ])),
            new Variant<ScheduleSpec, ExponentialScheduleSpec>("exponential", new Section<ExponentialScheduleSpec>(
                new ExponentialScheduleSpec(),
                [
                    Key<ExponentialScheduleSpec>.Of(
                        "rate", "Factor of each epoch.",
                        new NumberRule { Above = 0 }, s => s.Rate, (s, v) => s with { Rate = v }),
                    Warmup<ExponentialScheduleSpec>((s, v) => s with { WarmupSteps = v }),
                ])),
            new Variant<ScheduleSpec, CosineScheduleSpec>("cosine", new Section<CosineScheduleSpec>(
                new CosineScheduleSpec(),
                [
                    Key<CosineScheduleSpec>.Of(
                        "minimum", "The learning rate at the end of the job.",
                        new NumberRule { From = 0 }, s => s.Minimum, (s, v) => s with { Minimum = v }),
                    Warmup<CosineScheduleSpec>((s, v) => s with { WarmupSteps = v }),
                ])),
        ]);

    private static Key<T> LearningRate<T>(Func<T, double, T> with)
        where T : OptimizerSpec =>
        Key<T>.Of(
            "learning_rate", "The learning rate; the schedule scales it.",
            new NumberRule { Above = 0 }, s => s.LearningRate, with);

    private static Key<T>[] Regularisation<T>(
        Func<T, double, T> withDecay, Func<T, bool, T> withBiases, Func<T, double?, T> withClipping)
        where T : OptimizerSpec =>
    [
        Key<T>.Of(
            "weight_decay", "L2 penalty, as in PyTorch; of adamw decoupled.",
            new NumberRule { From = 0 }, s => s.WeightDecay, withDecay),
        Key<T>.Of(
            "decay_biases", "Whether biases decay, too.",
            new SwitchRule(), s => s.DecayBiases, withBiases),
        Key<T>.Of(
            "clip_norm", "Largest L2 norm of the mean gradient over all parameters; null: no clipping.",
            new NumberRule { Above = 0 }.OrNull(), s => s.ClipNorm, withClipping),
    ];

    private static Key<T> Warmup<T>(Func<T, long, T> with)
        where T : ScheduleSpec =>
        Key<T>.Of(
            "warmup_steps", "Steps over which the rate rises in equal parts; 0: none.",
            new IntegerRule<long>(0, long.MaxValue), s => s.WarmupSteps, with);
}
