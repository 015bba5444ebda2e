using Xunit;

namespace Trainer.Kernels;

[Collection(MeasuredAlone.Name)]
public sealed class AllocationTests
{
    [Fact]
    public void Kernels_SteadyState_AllocateNothing()
    {
        var shape = new DenseShape(20, 40, 50);
        float[] x = TestMatrix.Random(20, 40, 1).ToPanels();
        float[] w = TestMatrix.Random(40, 50, 2).ToPanels();
        float[] b = TestMatrix.Random(1, 50, 3).ToPanels();
        float[] z = new float[Panels.Length(20, 50)];
        float[] d = new float[z.Length];
        float[] dx = new float[x.Length];
        float[] dw = new float[w.Length];
        float[] db = new float[b.Length];
        float[] loss = new float[20];
        float[] labels = new float[20];

        void Step()
        {
            DenseKernels.Forward(x, w, b, z, shape, 1, 0, 20);
            ElementwiseKernels.Tanh(z, z);
            OutputKernels.SoftmaxCrossEntropy(z, labels, d, loss, 20, 50, 0, 20);
            DenseKernels.WeightGradient(x, d, dw, db, shape, 0, 0, 20);
            DenseKernels.InputGradient(d, w, dx, shape, 1, 0, 20);
            ElementwiseKernels.TanhBackward(x, dx);
            ElementwiseKernels.Add(dw, w);
            ElementwiseKernels.Scale(dw, 0.5f);
            _ = ElementwiseKernels.IndexOfNonFinite(dw);
        }

        Step();
        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Step();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
    }
}
