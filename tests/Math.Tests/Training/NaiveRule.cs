using Trainer.Data;
using Trainer.Kernels;
using Trainer.Losses;
using Trainer.Models;

namespace Trainer.Training;

/// <summary>
/// The summation rule (numerics A2 to A7) written plainly, row by row and by recursion over the tree, in PyTorch's
/// order and without panels, blocks or vectors: the oracle of the core's bits.
/// </summary>
internal sealed class NaiveRule(TestProblem problem)
{
    private readonly MlpArchitecture _network = problem.Architecture;
    private readonly int[] _widths =
        [problem.Architecture.Inputs, .. problem.Architecture.Hidden, problem.Architecture.Outputs];

    /// <summary>A sum below a node; null where no row is.</summary>
    internal sealed record Sum(float[] Gradient, double Loss, int Rows, double Weights);

    /// <summary>The mean gradient of a batch, of weight 0 the sum, and the sum of its losses.</summary>
    /// <param name="parameters">All parameters in PyTorch's order.</param>
    /// <param name="epoch">Epoch.</param>
    /// <param name="step">Step within the epoch.</param>
    public Sum Mean(float[] parameters, int epoch, int step)
    {
        Sum root = Tree(parameters, epoch, problem.Batch(epoch, step))
            ?? throw new InvalidOperationException("A batch without rows.");
        float reciprocal = root.Weights > 0 ? (float)(1 / root.Weights) : 1f;
        return root with { Gradient = [.. root.Gradient.Select(value => value * reciprocal)] };
    }

    private Sum? Tree(float[] parameters, int epoch, ReadOnlySpan<int[]> shards)
    {
        if (shards.Length == 1)
        {
            return shards[0].Length == 0 ? null : Leaf(parameters, epoch, shards[0]);
        }

        Sum? left = Tree(parameters, epoch, shards[..(shards.Length / 2)]);
        Sum? right = Tree(parameters, epoch, shards[(shards.Length / 2)..]);
        return left is null ? right
            : right is null ? left
            : new Sum(
                [.. left.Gradient.Zip(right.Gradient, (a, b) => a + b)],
                left.Loss + right.Loss,
                left.Rows + right.Rows,
                left.Weights + right.Weights);
    }

    private Sum Leaf(float[] parameters, int epoch, int[] batch)
    {
        RowSet rows = problem.Rows;
        float[] gradient = new float[parameters.Length];
        double loss = 0;
        double weights = 0;
        foreach (int row in batch)
        {
            float[] x = [.. rows.FeaturesOf(row, new float[rows.FeatureCount])];
            float[] targets = [.. rows.TargetsOf(row)];
            float[][] factors = [[], .. _widths[1..].Select((width, layer) => Factors(epoch, row, layer, width))];
            (List<float[]> activations, List<float[]> z) = Forward(parameters, x, factors);
            (float[] d, float rowLoss) = Output(activations[^1], targets);
            float weight = problem.Objective.ClassWeights.IsEmpty
                ? 1f
                : problem.Objective.ClassWeights[(int)targets[0]];
            weight *= rows.WeightOf(row);
            d = [.. d.Select(value => value * weight)];
            loss += rowLoss * weight;
            weights += weight;
            int offset = parameters.Length;
            for (int layer = _widths.Length - 2; layer >= 0; layer--)
            {
                (int inputs, int outputs) = (_widths[layer], _widths[layer + 1]);
                offset -= (inputs + 1) * outputs;
                for (int o = 0; o < outputs; o++)
                {
                    for (int i = 0; i < inputs; i++)
                    {
                        ref float c = ref gradient[offset + (o * inputs) + i];
                        c = MathF.FusedMultiplyAdd(activations[layer][i], d[o], c);
                    }

                    gradient[offset + (outputs * inputs) + o] += d[o];
                }

                d = layer == 0 ? d : Deltas(parameters.AsSpan(offset), z[layer], factors[layer], d);
            }
        }

        return new Sum(gradient, loss, batch.Length, weights);
    }

    // The inputs and each layer's output, and beside them each layer's z before the activation.
    private (List<float[]> Activations, List<float[]> Z) Forward(
        float[] parameters, float[] x, float[][] factors)
    {
        List<float[]> activations = [x];
        List<float[]> sums = [x];
        int offset = 0;
        for (int layer = 0; layer < _widths.Length - 1; layer++)
        {
            (int inputs, int outputs) = (_widths[layer], _widths[layer + 1]);
            float[] z = new float[outputs];
            for (int o = 0; o < outputs; o++)
            {
                float c = 0f;
                for (int i = 0; i < inputs; i++)
                {
                    c = MathF.FusedMultiplyAdd(activations[^1][i], parameters[offset + (o * inputs) + i], c);
                }

                z[o] = c + parameters[offset + (outputs * inputs) + o];
            }

            sums.Add(z);
            activations.Add(
                layer == _widths.Length - 2 ? z : [.. z.Select(Activate).Zip(factors[layer + 1], Masked)]);
            offset += (inputs + 1) * outputs;
        }

        return (activations, sums);
    }

    private float[] Deltas(ReadOnlySpan<float> weights, float[] z, float[] factors, float[] d)
    {
        float[] dx = new float[z.Length];
        for (int i = 0; i < z.Length; i++)
        {
            float c = 0f;
            for (int o = 0; o < d.Length; o++)
            {
                c = MathF.FusedMultiplyAdd(d[o], weights[(o * z.Length) + i], c);
            }

            c = Derivative(Masked(c, factors[i]), Activate(z[i]), z[i]);
            dx[i] = MathF.Abs(c) < FloatBits.SmallestNormal ? 0f : c;
        }

        return dx;
    }

    // One random word a unit (numerics A8); 1 leaves a value as it is.
    private float[] Factors(int epoch, int row, int layer, int width)
    {
        double rate = problem.Objective.Dropout;
        var random = new SeededRandom(problem.Seed, RandomStream.Dropout);
        return
        [
            .. Enumerable.Range(0, width).Select(unit =>
            {
                (uint x0, uint x1, uint x2, uint x3) =
                    random.Block(((ulong)epoch << 32) + (ulong)row, ((ulong)layer << 32) + (ulong)(unit / 4));
                uint word = (unit % 4) switch { 0 => x0, 1 => x1, 2 => x2, _ => x3 };
                return word < Math.Floor(rate * 4294967296.0) ? 0f : (float)(1 / (1 - rate));
            }),
        ];
    }

    private static float Masked(float value, float factor) => factor == 0f ? 0f : value * factor;

    private float Activate(float z) => _network.Activation switch
    {
        Activation.Sigmoid => Elementary.Sigmoid(z),
        Activation.Tanh => Elementary.Tanh(z),
        Activation.Relu => z > 0f ? z : 0f,
        Activation.LeakyRelu => z > 0f ? z : z * 0.01f,
        Activation.Elu => z > 0f ? z : Elementary.Expm1(z),
        Activation.Selu => z > 0f ? z * 1.05070098f : Elementary.Expm1(z) * 1.75809934f,
        Activation.Gelu => MathF.FusedMultiplyAdd(z * 0.5f, Elementary.Erf(z * 0.707106781f), z * 0.5f),
        Activation.Silu => z * Elementary.Sigmoid(z),
        Activation.Softplus => (z > 0f ? z : 0f) + Elementary.Log1p(Elementary.Exp(-MathF.Abs(z))),
        _ => z,
    };

    private float Derivative(float d, float a, float z)
    {
        float s = Elementary.Sigmoid(z);
        float density = Elementary.Exp(-0.5f * z * z) * 0.398942280f;
        float distribution = MathF.FusedMultiplyAdd(0.5f, Elementary.Erf(z * 0.707106781f), 0.5f);
        return _network.Activation switch
        {
            Activation.Sigmoid => d * (a * (1f - a)),
            Activation.Tanh => d * MathF.FusedMultiplyAdd(-a, a, 1f),
            Activation.Relu => a > 0f ? d : 0f,
            Activation.LeakyRelu => a > 0f ? d : d * 0.01f,
            Activation.Elu => a > 0f ? d : d * (a + 1f),
            Activation.Selu => a > 0f ? d * 1.05070098f : d * (a + 1.75809934f),
            Activation.Gelu => d * MathF.FusedMultiplyAdd(z, density, distribution),
            Activation.Silu => d * (s * MathF.FusedMultiplyAdd(z, 1f - s, 1f)),
            Activation.Softplus => d * -Elementary.Expm1(-a),
            _ => d,
        };
    }

    private (float[] Deltas, float Loss) Output(float[] z, float[] targets)
    {
        switch (_network.OutputUnit)
        {
            case OutputUnit.Linear:
                float scale = 2f / z.Length;
                float[] errors = [.. z.Zip(targets, (value, target) => value - target)];
                return ([.. errors.Select(e => e * scale)],
                    errors.Aggregate(0f, (sum, e) => MathF.FusedMultiplyAdd(e, e, sum)) / z.Length);
            case OutputUnit.Sigmoid when _network.Loss == LossFunction.Perceptron:
                float margin = targets[0] == 1f ? z[0] : -z[0];
                return margin > 0f ? ([0f], 0f) : ([targets[0] == 1f ? -1f : 1f], 0f - margin);
            case OutputUnit.Sigmoid:
                float factor = targets[0] == 1f ? problem.Objective.PositiveWeight : 1f;
                float plain = MathF.FusedMultiplyAdd(-z[0], targets[0], MathF.Max(z[0], 0f))
                    + Elementary.Log1p(Elementary.Exp(-MathF.Abs(z[0])));
                return ([(Elementary.Sigmoid(z[0]) - targets[0]) * factor], plain * factor);
            default:
                float largest = z.Max();
                float[] e16 = [.. z.Select(value => Elementary.Exp(value - largest))];
                float[] lanes = new float[16];
                for (int k = 0; k < z.Length; k++)
                {
                    lanes[k % 16] += e16[k];
                }

                for (int half = 8; half > 0; half /= 2)
                {
                    for (int lane = 0; lane < half; lane++)
                    {
                        lanes[lane] += lanes[lane + half];
                    }
                }

                int label = (int)targets[0];
                if (problem.Objective.LabelSmoothing > 0)
                {
                    return Smoothed(z, [.. e16.Select(value => value / lanes[0])], largest, lanes[0], label);
                }

                return ([.. e16.Select((value, k) => (value / lanes[0]) - (k == label ? 1f : 0f))],
                    Elementary.Log(lanes[0]) - (z[label] - largest));
        }
    }

    private (float[] Deltas, float Loss) Smoothed(float[] z, float[] p, float largest, float sum, int label)
    {
        double keep = 1 - problem.Objective.LabelSmoothing;
        double spread = problem.Objective.LabelSmoothing / z.Length;
        float shifted = z.Aggregate(0f, (total, value) => total + (value - largest));
        return ([.. p.Select((value, k) => value - (float)(k == label ? keep + spread : spread))],
            Elementary.Log(sum)
                - MathF.FusedMultiplyAdd((float)keep, z[label] - largest, (float)spread * shifted));
    }
}
