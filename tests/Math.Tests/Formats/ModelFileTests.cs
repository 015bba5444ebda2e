using System.Collections.Immutable;
using System.Security.Cryptography;

using CsCheck;

using Trainer.Data;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Preprocessing;

using Xunit;

namespace Trainer.Formats;

public sealed class ModelFileTests : IDisposable
{
    private static readonly ModelFile Model = new(
        new MlpArchitecture(2, [3], Activation.Tanh, 1, OutputUnit.Sigmoid, LossFunction.BinaryCrossEntropy),
        [.. Enumerable.Range(0, 13).Select(i => i / 8f)],
        """{"name":"flowers","seed":42}""",
        new FittedPipeline(new PipelineJson(
            ["width", "length"], ["kind"], ["no", "yes \"ü\""], [], NumericScaling.Standardize, [0.1, 2], [1, 0.3])),
        0.3,
        "f32-1");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_SavedModel_IsTheSame()
    {
        ModelFile loaded = Saved(Model);

        Assert.Equal(Model.Architecture.Hidden, loaded.Architecture.Hidden);
        Assert.Equal(Model.Architecture, loaded.Architecture with { Hidden = Model.Architecture.Hidden });
        Assert.Equal(Model.Parameters, loaded.Parameters);
        Assert.Equal(Model.Job, loaded.Job);
        Assert.Equal(Model.Pipeline.ToJson(), loaded.Pipeline.ToJson());
        Assert.Equal(Model.Threshold, loaded.Threshold);
        Assert.Equal(Model.Kernel, loaded.Kernel);
        Assert.Equal(Model.WeightsSha256, loaded.WeightsSha256);
    }

    [Fact]
    public void Save_Model_HasTensorsInTheOrderOfPyTorch()
    {
        string path = _folder.File("model.safetensors");

        Model.Save(path);

        SafetensorsFile file = SafetensorsFile.Read(path);
        Assert.Equal(
            ["layers.0.weight [3,2]", "layers.0.bias [3]", "layers.1.weight [1,3]", "layers.1.bias [1]"],
            file.Tensors.Select(tensor => $"{tensor.Name} [{string.Join(',', tensor.Shape)}]"));
        Assert.Equal([9 / 8f, 10 / 8f, 11 / 8f], file.Tensors[2].ToSingles());
        Assert.Equal("""["no","yes \"ü\""]""", file.Metadata["classes"]);
        Assert.Equal(
            """{"inputs":2,"hidden":[3],"activation":"tanh","outputs":1,"""
            + """ "output_unit":"sigmoid","loss":"binary_cross_entropy"}""".TrimStart(),
            file.Metadata["architecture"]);
    }

    [Fact]
    public void WeightsSha256_Parameters_IsTheHashOfTheirBytes()
    {
        float[] parameters = [.. Enumerable.Range(0, 70_000).Select(i => (float)i)];
        byte[] bytes = [.. parameters.SelectMany(BitConverter.GetBytes)];

        string hash = (Model with { Parameters = parameters }).WeightsSha256;

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), hash);
    }

    [Theory]
    [InlineData(12, "it has too few parameters for 'layers.1.bias'")]
    [InlineData(15, "it has 2 parameters too many")]
    public void Save_WrongParameterCount_Throws(int count, string reason) =>
        AssertNotSaved(Model with { Parameters = new float[count] }, reason);

    [Fact]
    public void Save_PartsThatDoNotFit_Throws()
    {
        MlpArchitecture network = Model.Architecture;

        AssertNotSaved(
            Model with { Architecture = network with { Inputs = 3 } },
            "its network takes 3 features, but its preprocessing makes 2");
        AssertNotSaved(
            Model with { Architecture = network with { Hidden = [0] } }, "its network has a layer without units");
        AssertNotSaved(
            Model with { Architecture = network with { Loss = LossFunction.CrossEntropy } },
            "its network's 1 Sigmoid outputs with the loss CrossEntropy do not fit 2 classes in 1 target columns");
        AssertNotSaved(Model with { Threshold = 1.5 }, "its threshold is not a probability from 0 to 1");
        AssertNotSaved(Model with { Job = "[]" }, "its job is not a JSON object");
    }

    [Theory]
    [InlineData("format", "pt", "its metadata does not say that Trainer wrote it.")]
    [InlineData("version", "2", "it has version '2'; this program reads 1.")]
    [InlineData("threshold", "half", "its threshold 'half' is not a number.")]
    [InlineData("threshold", "NaN", "its threshold is not a probability from 0 to 1.")]
    [InlineData("job", "{", "its job is not a JSON object.")]
    [InlineData("kernel", null, "its metadata has no 'kernel'.")]
    public void Load_BadMetadata_NamesFileAndReason(string key, string? value, string reason) =>
        AssertRefused(file => file with { Metadata = Changed(file.Metadata, key, value) }, reason);

    [Theory]
    [InlineData("architecture", "{}")]
    [InlineData("architecture", """{"inputs":2,"hidden":null,"activation":"tanh"}""")]
    [InlineData("pipeline", "null")]
    [InlineData("pipeline", """{"features":["a"]}""")]
    public void Load_BadJson_IsOneLineWithTheFile(string key, string value)
    {
        string path = Changed(file => file with { Metadata = Changed(file.Metadata, key, value) });

        DataException error = Assert.Throws<DataException>(() => ModelFile.Load(path));

        Assert.StartsWith($"'{path}' is not a model that can be used: The ", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Load_MissingTensor_NamesIt() => AssertRefused(
        file => file with { Tensors = file.Tensors.RemoveAt(1) }, "it has no tensor 'layers.0.bias'.");

    [Fact]
    public void Load_StrayTensor_NamesIt() => AssertRefused(
        file => file with { Tensors = file.Tensors.Add(SafetensorsTensor.FromSingles("extra", [1], [0])) },
        "it has tensors that its network has not: extra.");

    [Fact]
    public void Load_TensorOfOtherShape_NamesBoth() => AssertRefused(
        file => file with { Tensors = file.Tensors.SetItem(0, file.Tensors[0] with { Shape = [2, 3] }) },
        "its tensor 'layers.0.weight' is F32 [2, 3]; the network needs F32 [3, 2].");

    [Fact]
    public void Load_TensorOfOtherType_NamesBoth() => AssertRefused(
        file => file with { Tensors = file.Tensors.SetItem(1, file.Tensors[1] with { Type = SafetensorsType.I32 }) },
        "its tensor 'layers.0.bias' is I32 [3]; the network needs F32 [3].");

    [Fact]
    public void Load_WeightThatIsNaN_NamesItsPlace() => AssertRefused(
        file => file with
        {
            Tensors = file.Tensors.SetItem(1, SafetensorsTensor.FromSingles("layers.0.bias", [3], [0, float.NaN, 0])),
        },
        "its tensor 'layers.0.bias' is not finite at element 1; it was damaged.");

    [Fact]
    public void Load_AnyDamage_IsADataExceptionOrAModel()
    {
        string path = _folder.File("model.safetensors");
        Model.Save(path);
        byte[] intact = File.ReadAllBytes(path);
        string damaged = _folder.File("damaged.safetensors");

        Damage.Of(intact).Sample(
            content =>
            {
                File.WriteAllBytes(damaged, content);
                long before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    ModelFile model = ModelFile.Load(damaged);
                    Assert.NotEmpty(model.Parameters);
                }
                catch (DataException error)
                {
                    Assert.StartsWith($"'{damaged}' ", error.Message);
                    Assert.DoesNotContain(error.Message, char.IsControl);
                }

                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
            },
            iter: 2_000,
            threads: 1);
    }

    private static ImmutableDictionary<string, string> Changed(
        IReadOnlyDictionary<string, string> metadata, string key, string? value)
    {
        ImmutableDictionary<string, string> without = metadata.ToImmutableDictionary().Remove(key);
        return value is null ? without : without.Add(key, value);
    }

    private ModelFile Saved(ModelFile model)
    {
        string path = _folder.File("saved.safetensors");
        model.Save(path);
        return ModelFile.Load(path);
    }

    private void AssertNotSaved(ModelFile model, string reason)
    {
        string path = _folder.File("unsaved.safetensors");

        ArgumentException error = Assert.Throws<ArgumentException>(() => model.Save(path));

        Assert.Equal($"This model cannot be saved: {reason}.", error.Message);
        Assert.False(File.Exists(path));
    }

    private string Changed(Func<SafetensorsFile, SafetensorsFile> change)
    {
        string path = _folder.File("changed.safetensors");
        Model.Save(path);
        change(SafetensorsFile.Read(path)).Write(path);
        return path;
    }

    private void AssertRefused(Func<SafetensorsFile, SafetensorsFile> change, string reason)
    {
        string path = Changed(change);

        DataException error = Assert.Throws<DataException>(() => ModelFile.Load(path));

        Assert.Equal($"'{path}' is not a model that can be used: {reason}", error.Message);
    }
}
