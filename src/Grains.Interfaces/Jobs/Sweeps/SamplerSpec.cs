namespace Trainer.Jobs;

/// <summary>Who proposes the parameters of trials.</summary>
public abstract record SamplerSpec;

/// <summary>Every combination, ranges at some points.</summary>
public sealed record GridSpec : SamplerSpec
{
    /// <summary>Points of a range of real numbers.</summary>
    public int Points { get; init; } = 5;
}

/// <summary>Independent random points.</summary>
public sealed record RandomSpec : SamplerSpec;

/// <summary>Each range in as many parts as there are trials, each part once.</summary>
public sealed record LatinHypercubeSpec : SamplerSpec;

/// <summary>Sobol's low-discrepancy sequence, scrambled.</summary>
public sealed record SobolSpec : SamplerSpec;

/// <summary>Tree-structured Parzen estimator.</summary>
public sealed record TpeSpec : SamplerSpec
{
    /// <summary>Trials drawn at random before the model is used.</summary>
    public int StartupTrials { get; init; } = 10;

    /// <summary>Candidates a proposal.</summary>
    public int Candidates { get; init; } = 24;

    /// <summary>Share of trials that counts as good.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <summary>One density over all dimensions.</summary>
    public bool Multivariate { get; init; }

    /// <summary>Running trials count as bad ones.</summary>
    public bool ConstantLiar { get; init; } = true;
}

/// <summary>Gaussian process with expected improvement.</summary>
public sealed record GaussianProcessSpec : SamplerSpec
{
    /// <summary>Trials drawn at random before the model is used.</summary>
    public int StartupTrials { get; init; } = 10;

    /// <summary>Candidates a proposal.</summary>
    public int Candidates { get; init; } = 400;
}

/// <summary>Covariance matrix adaptation evolution strategy.</summary>
public sealed record CmaEsSpec : SamplerSpec
{
    /// <summary>Trials of a generation; null: 4 + floor(3 ln d).</summary>
    public int? Population { get; init; }

    /// <summary>First standard deviation as a part of each range.</summary>
    public double Sigma { get; init; } = 0.2;
}
