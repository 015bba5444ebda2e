namespace Trainer.Optimizers;

/// <summary>The members of the Adam family that differ in how the moments move the parameters.</summary>
public enum AdamVariant
{
    /// <summary>Adam (Kingma and Ba, 2015) with an L2 penalty.</summary>
    Adam,

    /// <summary>Adam with the largest second moment so far (Reddi et al., 2018).</summary>
    AmsGrad,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019).</summary>
    AdamW,

    /// <summary>Adam with Nesterov's momentum (Dozat, 2016), momentum decay 0.004.</summary>
    NAdam,
}
