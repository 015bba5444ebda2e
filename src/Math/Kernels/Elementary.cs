namespace Trainer.Kernels;

/// <summary>
/// Scalar elementary functions from own polynomials: the bits do not depend on the processor or the C library (numerics A6). The float
/// ones give exactly the bits of a lane of <see cref="ElementwiseKernels"/>.
/// </summary>
public static class Elementary
{
    /// <summary>exp(x) in binary32.</summary>
    public static float Exp(float x) => throw new NotImplementedException();

    /// <summary>Natural logarithm in binary32.</summary>
    public static float Log(float x) => throw new NotImplementedException();

    /// <summary>log(1 + x) in binary32.</summary>
    public static float Log1p(float x) => throw new NotImplementedException();

    /// <summary>1 / (1 + exp(-x)) in binary32.</summary>
    public static float Sigmoid(float x) => throw new NotImplementedException();

    /// <summary>tanh(x) in binary32.</summary>
    public static float Tanh(float x) => throw new NotImplementedException();

    /// <summary>exp(x) in binary64.</summary>
    public static double Exp(double x) => throw new NotImplementedException();

    /// <summary>Natural logarithm in binary64.</summary>
    public static double Log(double x) => throw new NotImplementedException();

    /// <summary>sin(x) in binary64, |x| at most 2^20.</summary>
    public static double Sin(double x) => throw new NotImplementedException();

    /// <summary>cos(x) in binary64, |x| at most 2^20.</summary>
    public static double Cos(double x) => throw new NotImplementedException();
}
