namespace Trainer.Benchmarks;

/// <summary>The three products of a layer as they are defined: plain loops over row-major matrices.</summary>
internal static class ScalarGemm
{
    /// <summary><c>z[r,o] = (chain over i of fma(x[r,i], w[o,i])) + b[o]</c>.</summary>
    public static void Forward(
        float[] x, float[] weights, float[] bias, float[] z, int rows, int inputs, int outputs)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int output = 0; output < outputs; output++)
            {
                float sum = 0f;
                for (int input = 0; input < inputs; input++)
                {
                    sum = MathF.FusedMultiplyAdd(x[(row * inputs) + input], weights[(output * inputs) + input], sum);
                }

                z[(row * outputs) + output] = sum + bias[output];
            }
        }
    }

    /// <summary><c>dx[r,i] = chain over o of fma(d[r,o], w[o,i])</c>.</summary>
    public static void InputGradient(float[] d, float[] weights, float[] dx, int rows, int inputs, int outputs)
    {
        Array.Clear(dx);
        for (int row = 0; row < rows; row++)
        {
            for (int output = 0; output < outputs; output++)
            {
                float delta = d[(row * outputs) + output];
                for (int input = 0; input < inputs; input++)
                {
                    ref float sum = ref dx[(row * inputs) + input];
                    sum = MathF.FusedMultiplyAdd(delta, weights[(output * inputs) + input], sum);
                }
            }
        }
    }

    /// <summary><c>dw[o,i] = chain over r of fma(x[r,i], d[r,o])</c>, <c>db[o] = sum over r of d[r,o]</c>.</summary>
    public static void WeightGradient(
        float[] x, float[] d, float[] dw, float[] db, int rows, int inputs, int outputs)
    {
        Array.Clear(dw);
        Array.Clear(db);
        for (int row = 0; row < rows; row++)
        {
            for (int output = 0; output < outputs; output++)
            {
                float delta = d[(row * outputs) + output];
                db[output] += delta;
                for (int input = 0; input < inputs; input++)
                {
                    ref float sum = ref dw[(output * inputs) + input];
                    sum = MathF.FusedMultiplyAdd(x[(row * inputs) + input], delta, sum);
                }
            }
        }
    }
}
