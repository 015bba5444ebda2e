using Xunit;

namespace Trainer.Kernels;

/// <summary>
/// Every shape from 1 to 70 rows, inputs and outputs against one chain an element, bit for bit. A run has a sample;
/// with TRAINER_EVERY_SHAPE=1 (tests/nightly/every-shape) it has them all.
/// </summary>
public sealed class EveryShapeTests
{
    private const int Most = 70;

    // Prime, so that a sample meets every size in each of the three places.
    private const int Stride = 311;

    private static readonly float[] Values = [.. TestMatrix.Random(1, Most * Most, 1).ToPanels()];

    [Fact]
    public void Products_Shapes1To70_EqualOneChainAnElement()
    {
        int stride = Environment.GetEnvironmentVariable("TRAINER_EVERY_SHAPE") == "1" ? 1 : Stride;
        for (int shape = 0; shape < Most * Most * Most; shape += stride)
        {
            Check(new DenseShape(1 + (shape % Most), 1 + (shape / Most % Most), 1 + (shape / (Most * Most))));
        }
    }

    [Fact]
    public void GradientTiles_Shapes1To70InTwoShards_EqualTheirChainsAdded()
    {
        int stride = Environment.GetEnvironmentVariable("TRAINER_EVERY_SHAPE") == "1" ? 1 : Stride;
        for (int shape = 0; shape < Most * Most * Most; shape += stride)
        {
            CheckShards(new DenseShape(1 + (shape % Most), 1 + (shape / Most % Most), 1 + (shape / (Most * Most))));
        }
    }

    private static void CheckShards(DenseShape shape)
    {
        (int rows, int inputs, int outputs) = shape;
        float[] x = Matrix(rows, inputs, 1);
        float[] d = Matrix(rows, outputs, 4);
        int half = rows / 2;
        GradientSegment[] shards = [new(0, half, 0, false, 0), new(half, rows - half, 1, false, 1)];
        int weights = Panels.Length(inputs, outputs);
        int length = weights + Panels.Length(1, outputs);
        (float[][] sums, float[][] expected) =
            ([new float[length], new float[length]], [new float[length], new float[length]]);

        for (int panel = 0; panel < Panels.Count(outputs); panel++)
        {
            GradientTiles.Run(
                x, d, shape, panel, shards, sums, panel * inputs * Panels.Width, weights + (panel * Panels.Width));
        }

        for (int r = 0; r < rows; r++)
        {
            float[] sum = expected[r < half ? 0 : 1];
            for (int o = 0; o < outputs; o++)
            {
                float delta = d[Panels.Index(rows, r, o)];
                sum[weights + Panels.Index(1, 0, o)] += delta;
                for (int i = 0; i < inputs; i++)
                {
                    ref float c = ref sum[Panels.Index(inputs, i, o)];
                    c = MathF.FusedMultiplyAdd(x[Panels.Index(rows, r, i)], delta, c);
                }
            }
        }

        AssertBits.Equal([.. expected[0].Zip(expected[1], (left, right) => left + right)], sums[0]);
    }

    private static void Check(DenseShape shape)
    {
        (int rows, int inputs, int outputs) = shape;
        float[] x = Matrix(rows, inputs, 1);
        float[] w = Matrix(inputs, outputs, 2);
        float[] b = Matrix(1, outputs, 3);
        float[] d = Matrix(rows, outputs, 4);
        (float[] z, float[] expectedZ) = (new float[d.Length], new float[d.Length]);
        (float[] dx, float[] expectedDx) = (new float[x.Length], new float[x.Length]);
        float[] transposed = new float[TransposedDeltas.Length(rows, outputs)];
        float[] otherDx = new float[x.Length];
        (float[] dw, float[] expectedDw) = (new float[w.Length], new float[w.Length]);
        (float[] db, float[] expectedDb) = (new float[b.Length], new float[b.Length]);

        for (int panel = 0; panel < Panels.Count(outputs); panel++)
        {
            DenseKernels.Forward(x, w, b, z, shape, panel, 0, rows);
            DenseKernels.WeightGradient(x, d, dw, db, shape, panel, 0, rows);
            TransposedDeltas.Fill(d, transposed, shape, panel, 0, rows);
        }

        for (int panel = 0; panel < Panels.Count(inputs); panel++)
        {
            DenseKernels.InputGradient(d, w, dx, shape, panel, 0, rows);
            TransposedDeltas.InputGradient(transposed, w, otherDx, shape, panel, 0, rows);
        }

        for (int r = 0; r < rows; r++)
        {
            for (int o = 0; o < outputs; o++)
            {
                (int at, int bias) = (Panels.Index(rows, r, o), Panels.Index(1, 0, o));
                expectedDb[bias] += d[at];
                for (int i = 0; i < inputs; i++)
                {
                    (int input, int weight) = (Panels.Index(rows, r, i), Panels.Index(inputs, i, o));
                    expectedZ[at] = MathF.FusedMultiplyAdd(x[input], w[weight], expectedZ[at]);
                    expectedDx[input] = MathF.FusedMultiplyAdd(d[at], w[weight], expectedDx[input]);
                    expectedDw[weight] = MathF.FusedMultiplyAdd(x[input], d[at], expectedDw[weight]);
                }

                expectedZ[at] += b[bias];
            }
        }

        AssertBits.Equal(expectedZ, z);
        AssertBits.Equal(expectedDx, dx);
        AssertBits.Equal(expectedDx, otherDx);
        AssertBits.Equal(expectedDw, dw);
        AssertBits.Equal(expectedDb, db);
    }

    private static float[] Matrix(int rows, int columns, int seed)
    {
        float[] panels = new float[Panels.Length(rows, columns)];
        int next = seed;
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                panels[Panels.Index(rows, r, c)] = Values[next++ % Values.Length];
            }
        }

        return panels;
    }
}
