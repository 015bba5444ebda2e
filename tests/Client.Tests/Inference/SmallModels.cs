using System.Collections.Immutable;

using Trainer.Data;
using Trainer.Formats;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Preprocessing;

namespace Trainer.Inference;

/// <summary>Models without a hidden layer whose weights are written down, with a pipeline that fits them.</summary>
internal sealed class SmallModels : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("trainer-client-test-").FullName;

    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Logit = 2 x - y; classes "no" and "yes"; threshold 0.5.</summary>
    public ModelFile Binary() => Create(
        "x,y,label\n1,0,yes\n0,1,no\n2,1,yes\n1,3,no\n",
        ["label"],
        OutputUnit.Sigmoid,
        LossFunction.BinaryCrossEntropy,
        [2, -1, 0]);

    /// <summary>Logit = 2 column_1 - column_2, the names of an array's columns; classes "0" and "1".</summary>
    public ModelFile Array() => Create(
        "column_1,column_2,label\n1,0,1\n0,1,0\n2,1,1\n1,3,0\n",
        ["label"],
        OutputUnit.Sigmoid,
        LossFunction.BinaryCrossEntropy,
        [2, -1, 0]);

    /// <summary>Logits = x, y, 0; classes "a", "b,c" and "d".</summary>
    public ModelFile ThreeClasses() => Create(
        "x,y,kind\n1,0,a\n0,1,\"b,c\"\n0,0,d\n1,1,a\n",
        ["kind"],
        OutputUnit.Softmax,
        LossFunction.CrossEntropy,
        [1, 0, 0, 1, 0, 0, 0, 0, 0]);

    /// <summary>u = x + 0.5, v = y.</summary>
    public ModelFile TwoTargets() => Create(
        "x,y,u,v\n1,0,1.5,0\n0,1,0.5,1\n2,2,2.5,2\n3,1,3.5,1\n",
        ["u", "v"],
        OutputUnit.Linear,
        LossFunction.MeanSquaredError,
        [1, 0, 0, 1, 0.5f, 0]);

    /// <summary>Two hidden units, ReLU of x and of y - x; logit = their difference; classes "no" and "yes".</summary>
    public ModelFile Hidden() => Create(
        "x,y,label\n1,0,yes\n0,1,no\n2,1,yes\n1,3,no\n",
        ["label"],
        OutputUnit.Sigmoid,
        LossFunction.BinaryCrossEntropy,
        [1, 0, -1, 1, 0, 0, 1, -1, 0],
        hidden: 2);

    /// <summary>Probability of "yes" = sigmoid(2 x).</summary>
    public ModelFile OneFeature() => Create(
        "x,label\n1,yes\n-1,no\n2,yes\n-2,no\n",
        ["label"],
        OutputUnit.Sigmoid,
        LossFunction.BinaryCrossEntropy,
        [2, 0]);

    /// <summary>A run folder with a model.</summary>
    public string Run(string name, ModelFile model)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "job.yaml"), model.Job);
        model.Save(Path.Combine(folder, "model.safetensors"));
        return folder;
    }

    public string Write(string name, params byte[] content)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public static TrainedModel Load(ModelFile file) =>
        new(file, new ParameterLayout(file.Architecture).FromRowMajor(file.Parameters));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private ModelFile Create(
        string table, string[] targets, OutputUnit unit, LossFunction loss, float[] parameters, int? hidden = null)
    {
        var request = new DataRequest(
            Catalogue.Register(Write("train.csv", table)),
            [.. targets],
            [],
            [],
            [],
            Train: 1,
            Validation: 0,
            Test: 0,
            Stratify: false,
            NumericScaling.None,
            unit,
            Seed: 1);
        var data = DataPlan.Create(request, CancellationToken.None);
        ImmutableArray<int> widths = hidden is { } width ? [width] : [];
        var network = new MlpArchitecture(data.Inputs, widths, Activation.Relu, data.Outputs, unit, loss);
        const string Job = """{"distributed":{"logical_shards":2}}""";
        return new ModelFile(network, parameters, Job, data.Pipeline, 0.5, "fp32-1");
    }
}
