using System.Runtime.InteropServices;

namespace Trainer.Kernels;

/// <summary>Output unit, loss and its gradient in one pass over a row of logits (numerics A4, A6, A7).</summary>
/// <remarks>Rows stand in panels: class k of row r is at <c>Panels.Index(rows, r, k)</c>.</remarks>
public static unsafe class OutputKernels
{
    private const int Lanes = 16;

    /// <summary>Softmax with cross-entropy of rows [firstRow, firstRow + rowCount).</summary>
    /// <param name="z">Logits in panels, [K/32][R][32].</param>
    /// <param name="classes">Class of each row of the buffers as a whole number in [0, K), shape [R].</param>
    /// <param name="d">
    /// Gradient of each row's loss in panels: <c>p - onehot</c>; padding lanes +0. May be <paramref name="z"/>.
    /// </param>
    /// <param name="loss">Loss of each row in nats, binary32, shape [R].</param>
    /// <param name="rows">R, rows of the buffers.</param>
    /// <param name="outputs">K, classes.</param>
    /// <param name="firstRow">First row to compute.</param>
    /// <param name="rowCount">Rows to compute.</param>
    /// <param name="smoothing">
    /// epsilon in [0, 1): targets are <c>(1 - epsilon) onehot + epsilon/K</c>, each rounded once from binary64; the
    /// shifted logits are added in ascending order. 0 is the plain cross-entropy.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A span is too short, the rows lie outside it, or a class outside [0, K).
    /// </exception>
    public static void SoftmaxCrossEntropy(
        ReadOnlySpan<float> z,
        ReadOnlySpan<float> classes,
        Span<float> d,
        Span<float> loss,
        int rows,
        int outputs,
        int firstRow,
        int rowCount,
        double smoothing = 0)
    {
        Check(z, d, rows, outputs, firstRow, rowCount);
        ThrowHelper.RequireLength(nameof(classes), classes.Length, rows);
        ThrowHelper.RequireLength(nameof(loss), loss.Length, rows);
        fixed (float* source = &MemoryMarshal.GetReference(z), target = &MemoryMarshal.GetReference(d))
        {
            for (int row = firstRow; row < firstRow + rowCount; row++)
            {
                int label = (int)classes[row];
                ThrowHelper.RequireRange(nameof(classes), label, 1, outputs);
                if (smoothing > 0)
                {
                    loss[row] = SmoothedRow(source, target, rows, outputs, row, label, smoothing);
                }
            }

            if (smoothing == 0)
            {
                PlainRows(source, target, classes, loss, rows, outputs, firstRow, rowCount);
            }
        }
    }

    /// <summary>
    /// Sigmoid with binary cross-entropy, one output: <c>d = sigmoid(z) - t</c>, <c>loss = (max(z,0) - z t) +
    /// log1p(exp(-|z|))</c>.
    /// </summary>
    /// <param name="z">Logits in panels, [1][R][32], the logit in lane 0.</param>
    /// <param name="targets">Target of each row, 0 or 1, shape [R].</param>
    /// <param name="d">Gradient of each row's loss in panels; padding lanes +0. May be <paramref name="z"/>.</param>
    /// <param name="loss">Loss of each row in nats, shape [R].</param>
    /// <param name="rows">R, rows of the buffers.</param>
    /// <param name="firstRow">First row to compute.</param>
    /// <param name="rowCount">Rows to compute.</param>
    /// <exception cref="ArgumentException">A span is too short, or the rows lie outside it.</exception>
    public static void SigmoidBinaryCrossEntropy(
        ReadOnlySpan<float> z,
        ReadOnlySpan<float> targets,
        Span<float> d,
        Span<float> loss,
        int rows,
        int firstRow,
        int rowCount)
    {
        CheckOneOutput(z, targets, d, loss, rows, firstRow, rowCount);
        Span<float> logits = stackalloc float[Lanes];
        for (int first = firstRow; first < firstRow + rowCount; first += Lanes)
        {
            int count = Math.Min(Lanes, firstRow + rowCount - first);
            ReadOnlySpan<float> expected = targets.Slice(first, count);
            Span<float> losses = loss.Slice(first, count);
            for (int i = 0; i < count; i++)
            {
                logits[i] = z[(first + i) * Panels.Width];
                losses[i] = expected[i];
            }

            LaneMap.Binary<BinaryCrossEntropyFunction>(logits[..count], losses);
            LaneMap.Unary<SigmoidFunction>(logits, logits);
            d.Slice(first * Panels.Width, count * Panels.Width).Clear();
            for (int i = 0; i < count; i++)
            {
                d[(first + i) * Panels.Width] = logits[i] - expected[i];
            }
        }
    }

    /// <summary>
    /// Threshold unit with the perceptron loss, one output, t = +1 for the target 1 and -1 for 0: where <c>t z &gt;
    /// 0</c> loss and d are +0, else <c>d = -t</c> and <c>loss = 0 - t z</c>.
    /// </summary>
    /// <param name="z">Logits in panels, [1][R][32], the logit in lane 0.</param>
    /// <param name="targets">Target of each row, 0 or 1, shape [R].</param>
    /// <param name="d">Gradient of each row's loss in panels; padding lanes +0. May be <paramref name="z"/>.</param>
    /// <param name="loss">Loss of each row, shape [R].</param>
    /// <param name="rows">R, rows of the buffers.</param>
    /// <param name="firstRow">First row to compute.</param>
    /// <param name="rowCount">Rows to compute.</param>
    /// <exception cref="ArgumentException">A span is too short, or the rows lie outside it.</exception>
    public static void ThresholdPerceptron(
        ReadOnlySpan<float> z,
        ReadOnlySpan<float> targets,
        Span<float> d,
        Span<float> loss,
        int rows,
        int firstRow,
        int rowCount)
    {
        CheckOneOutput(z, targets, d, loss, rows, firstRow, rowCount);
        for (int row = firstRow; row < firstRow + rowCount; row++)
        {
            bool positive = targets[row] > 0.5f;
            float logit = z[row * Panels.Width];
            float margin = positive ? logit : -logit;
            Span<float> deltas = d.Slice(row * Panels.Width, Panels.Width);
            deltas.Clear();

            // NaN > 0 is false, so that the loss carries NaN on.
            bool right = margin > 0f;
            deltas[0] = right ? 0f : positive ? -1f : 1f;
            loss[row] = right ? 0f : 0f - margin;
        }
    }

    /// <summary>
    /// Linear output with squared error: <c>d = (z - t) * binary32(2/O)</c>, <c>loss = (FMA chain of (z-t)^2 over
    /// outputs, from +0) / O</c>.
    /// </summary>
    /// <param name="z">Logits in panels, [O/32][R][32].</param>
    /// <param name="targets">Targets, row-major [R, O].</param>
    /// <param name="d">Gradient of each row's loss in panels; padding lanes +0. May be <paramref name="z"/>.</param>
    /// <param name="loss">Loss of each row, shape [R].</param>
    /// <param name="rows">R, rows of the buffers.</param>
    /// <param name="outputs">O.</param>
    /// <param name="firstRow">First row to compute.</param>
    /// <param name="rowCount">Rows to compute.</param>
    /// <exception cref="ArgumentException">A span is too short, or the rows lie outside it.</exception>
    public static void LinearSquaredError(
        ReadOnlySpan<float> z,
        ReadOnlySpan<float> targets,
        Span<float> d,
        Span<float> loss,
        int rows,
        int outputs,
        int firstRow,
        int rowCount)
    {
        Check(z, d, rows, outputs, firstRow, rowCount);
        ThrowHelper.RequireLength(nameof(targets), targets.Length, checked(rows * outputs));
        ThrowHelper.RequireLength(nameof(loss), loss.Length, rows);
        float scale = 2f / outputs;
        for (int row = firstRow; row < firstRow + rowCount; row++)
        {
            float sum = 0f;
            for (int output = 0; output < outputs; output++)
            {
                int index = Panels.Index(rows, row, output);
                float error = z[index] - targets[(row * outputs) + output];
                sum = MathF.FusedMultiplyAdd(error, error, sum);
                d[index] = error * scale;
            }

            ClearPadding(d, rows, outputs, row);
            loss[row] = sum / outputs;
        }
    }

    /// <summary>Probabilities of each row by softmax, in panels; the denominator in 16 lanes (numerics A7).</summary>
    /// <param name="z">Logits in panels, [K/32][R][32].</param>
    /// <param name="p">Probabilities in panels; padding lanes +0. May be <paramref name="z"/>.</param>
    /// <param name="rows">R, rows of the buffers.</param>
    /// <param name="outputs">K, classes.</param>
    /// <param name="firstRow">First row to compute.</param>
    /// <param name="rowCount">Rows to compute.</param>
    /// <exception cref="ArgumentException">A span is too short, or the rows lie outside it.</exception>
    public static void Softmax(ReadOnlySpan<float> z, Span<float> p, int rows, int outputs, int firstRow, int rowCount)
    {
        Check(z, p, rows, outputs, firstRow, rowCount);
        fixed (float* source = &MemoryMarshal.GetReference(z), target = &MemoryMarshal.GetReference(p))
        {
            for (int row = firstRow; row < firstRow + rowCount; row++)
            {
                _ = SoftmaxRow(source, target, rows, outputs, row, out _);
            }
        }
    }

    private static void CheckOneOutput(
        ReadOnlySpan<float> z,
        ReadOnlySpan<float> targets,
        ReadOnlySpan<float> d,
        ReadOnlySpan<float> loss,
        int rows,
        int firstRow,
        int rowCount)
    {
        Check(z, d, rows, 1, firstRow, rowCount);
        ThrowHelper.RequireLength(nameof(targets), targets.Length, rows);
        ThrowHelper.RequireLength(nameof(loss), loss.Length, rows);
    }

    private static void Check(
        ReadOnlySpan<float> z, ReadOnlySpan<float> d, int rows, int outputs, int firstRow, int rowCount)
    {
        int needed = Panels.Length(rows, outputs);
        ThrowHelper.RequireLength(nameof(z), z.Length, needed);
        ThrowHelper.RequireLength(nameof(d), d.Length, needed);
        ThrowHelper.RequireRange(nameof(firstRow), firstRow, rowCount, rows);
    }

    // loss = log(sum) - (z_label - max), d = p - onehot; the logarithms of 16 rows at once.
    private static void PlainRows(
        float* z,
        float* d,
        ReadOnlySpan<float> classes,
        Span<float> loss,
        int rows,
        int outputs,
        int firstRow,
        int rowCount)
    {
        Span<float> shifted = stackalloc float[Lanes];
        for (int first = firstRow; first < firstRow + rowCount; first += Lanes)
        {
            Span<float> losses = loss.Slice(first, Math.Min(Lanes, firstRow + rowCount - first));
            for (int i = 0; i < losses.Length; i++)
            {
                int index = Panels.Index(rows, first + i, (int)classes[first + i]);
                float logit = z[index];
                losses[i] = SoftmaxRow(z, d, rows, outputs, first + i, out float largest);
                d[index] -= 1f;
                shifted[i] = logit - largest;
            }

            LaneMap.Unary<LogFunction>(losses, losses);
            for (int i = 0; i < losses.Length; i++)
            {
                losses[i] -= shifted[i];
            }
        }
    }

    // exp(z - max) of each class, their sum in 16 lanes, then the division. Returns the sum.
    private static float SoftmaxRow(float* z, float* p, int rows, int outputs, int row, out float largest)
    {
        largest = float.NegativeInfinity;
        for (int output = 0; output < outputs; output++)
        {
            float logit = z[Panels.Index(rows, row, output)];
            largest = logit > largest ? logit : largest;
        }

        Span<float> lanes = stackalloc float[Lanes];
        lanes.Clear();
        for (int first = 0; first < outputs; first += Lanes)
        {
            int index = Panels.Index(rows, row, first);
            var chunk = new Span<float>(p + index, Lanes);
            int count = Math.Min(Lanes, outputs - first);
            for (int lane = 0; lane < Lanes; lane++)
            {
                chunk[lane] = lane < count ? z[index + lane] - largest : 0f;
            }

            LaneMap.Unary<ExpFunction>(chunk, chunk);

            // Absent classes add +0, which changes no sum of non-negative terms.
            chunk[count..].Clear();
            LaneMap.Binary<AddFunction>(chunk, lanes);
        }

        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            for (int lane = 0; lane < half; lane++)
            {
                lanes[lane] += lanes[lane + half];
            }
        }

        float sum = lanes[0];
        for (int output = 0; output < outputs; output++)
        {
            p[Panels.Index(rows, row, output)] /= sum;
        }

        ClearPadding(new Span<float>(p, Panels.Length(rows, outputs)), rows, outputs, row);
        return sum;
    }

    // loss = log(sum) - ((1 - epsilon)(z_label - max) + epsilon/K * sum_k (z_k - max)), d = p - t.
    private static float SmoothedRow(
        float* z, float* d, int rows, int outputs, int row, int label, double smoothing)
    {
        float largest = float.NegativeInfinity;
        for (int output = 0; output < outputs; output++)
        {
            float value = z[Panels.Index(rows, row, output)];
            largest = value > largest ? value : largest;
        }

        float shifted = 0f;
        for (int output = 0; output < outputs; output++)
        {
            shifted += z[Panels.Index(rows, row, output)] - largest;
        }

        float logit = z[Panels.Index(rows, row, label)] - largest;
        float sum = SoftmaxRow(z, d, rows, outputs, row, out _);
        double spread = smoothing / outputs;
        for (int output = 0; output < outputs; output++)
        {
            d[Panels.Index(rows, row, output)] -= (float)(output == label ? 1 - smoothing + spread : spread);
        }

        return Elementary.Log(sum) - MathF.FusedMultiplyAdd((float)(1 - smoothing), logit, (float)spread * shifted);
    }

    private static void ClearPadding(Span<float> d, int rows, int outputs, int row)
    {
        int used = outputs % Panels.Width;
        if (used != 0)
        {
            d.Slice(Panels.Index(rows, row, outputs), Panels.Width - used).Clear();
        }
    }
}
