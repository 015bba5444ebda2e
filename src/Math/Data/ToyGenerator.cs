namespace Trainer.Data;

/// <summary>Shapes of generated data, after the data sets of TensorFlow Playground.</summary>
public enum ToyGenerator
{
    /// <summary>A disk (1) within a ring (-1).</summary>
    Circle,

    /// <summary>Four squares, 1 where both coordinates have the same sign, -1 where they differ.</summary>
    Xor,

    /// <summary>Two Gaussian clouds, around (2, 2) and (-2, -2).</summary>
    Gauss,

    /// <summary>Two arms of a spiral.</summary>
    Spiral,

    /// <summary>A regression of one column: y = sin(x) + sin(2x) / 2 for x in -5..5.</summary>
    Curve,

    /// <summary>A regression: y = (x1 + x2) / 10.</summary>
    Plane,
}
