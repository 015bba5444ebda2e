using Trainer.Data;
using Trainer.Errors;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Optimizers;

using Xunit;

namespace Trainer.Jobs;

public sealed class JobPlanTests : IDisposable
{
    private const string AllTrain = "split={train: 1, validation: 0, test: 0}";

    private static readonly Dictionary<string, OptimizerSettings> PyTorchsDefaults = new()
    {
        ["sgd"] = new SgdSettings(0, 0),
        ["adam"] = new AdamSettings(0.9, 0.999, 1e-8, 0),
        ["adamw"] = new AdamSettings(0.9, 0.999, 1e-8, 0.01, AdamVariant.AdamW),
        ["nadam"] = new AdamSettings(0.9, 0.999, 1e-8, 0, AdamVariant.NAdam),
        ["rmsprop"] = new RmsPropSettings(0.99, 1e-8, 0),
        ["adagrad"] = new AdagradSettings(1e-10, 0),
        ["adadelta"] = new AdadeltaSettings(0.9, 1e-6, 0),
    };

    private readonly JobFolder _folder = new();

    public static TheoryData<string> Optimizers => [.. PyTorchsDefaults.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(8, 1)]
    [InlineData(31, 1)]
    [InlineData(32, 2)]
    [InlineData(100, 4)]
    [InlineData(128, 8)]
    [InlineData(256, 16)]
    [InlineData(1024, 64)]
    [InlineData(4096, 64)]
    public void Create_LogicalShardsAuto_IsTheLargestPowerOfTwoOfBatchOver16(int batchSize, int expected)
    {
        JobPlan plan = Plan(5000, AllTrain, $"training.batch_size={batchSize}");

        Assert.Equal((expected, expected), (plan.Shards.Count, plan.Job.Distributed.LogicalShards));
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Create_OptimizerByName_HasPyTorchsDefaults(string name) =>
        Assert.Equal(PyTorchsDefaults[name], Plan(64, $"optimizer={name}").Optimizer);

    [Fact]
    public void Create_Schedules_GiveTheirRates()
    {
        const string Sgd = "optimizer={name: sgd, learning_rate: 0.5}";
        JobPlan step = Plan(64, Sgd, "schedule={name: step, every: 1, factor: 0.5}");
        JobPlan cosine = Plan(64, Sgd, "schedule={name: cosine, warmup_steps: 2}");

        Assert.Equal((0.5f, 0.25f), (step.LearningRate(0), step.LearningRate(step.Shards.StepsPerEpoch)));
        Assert.Equal(0.25f, cosine.LearningRate(0));
        Assert.Equal(0f, cosine.LearningRate(cosine.TotalSteps), 1e-7f);
    }

    [Fact]
    public void Create_BatchSizeFull_IsAllTrainingRows()
    {
        JobPlan plan = Plan(200, AllTrain, "training.batch_size=full");

        Assert.Equal((200, 200, 1), (plan.Shards.BatchSize, plan.Job.Training.BatchSize, plan.Shards.StepsPerEpoch));
    }

    [Fact]
    public void Create_BatchSizeAboveTheRows_IsClippedWithAWarning()
    {
        JobPlan plan = Plan(20, AllTrain, "training.batch_size=32", "early_stopping=null");

        Assert.Equal(20, plan.Job.Training.BatchSize);
        Assert.Equal(["'training.batch_size' is 32, but there are 20 training rows; using 20."], plan.Warnings);
    }

    [Fact]
    public void Create_MoreLogicalShardsThanTheClippedBatch_SaysWhatToSet()
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => Plan(20, AllTrain, "training.batch_size=32", "distributed.logical_shards=32"));

        Assert.Equal(
            "'distributed.logical_shards' is 32, but a batch has 20 rows (there are no more training rows); set it to "
            + "16 or less, or to auto.",
            error.Message);
    }

    [Fact]
    public void Create_NoValidationPart_TurnsEarlyStoppingOffWithAWarning()
    {
        JobPlan plan = Plan(64, AllTrain);

        Assert.Null(plan.Job.EarlyStopping);
        Assert.Equal(["there is no validation part ('split.validation'), so early stopping is off."], plan.Warnings);
    }

    [Fact]
    public void Create_Folds_TurnsEarlyStoppingOffAndResolvesToAllRows()
    {
        JobPlan plan = Plan(64, "split={folds: 2}");

        Assert.Null(plan.Job.EarlyStopping);
        Assert.Equal(["with 'split.folds' there is no validation part, so early stopping is off."], plan.Warnings);
        Assert.Equal((1, 0, 0), (plan.Job.Split.Train, plan.Job.Split.Validation, plan.Job.Split.Test));
    }

    [Fact]
    public void Create_TwoClasses_ResolvesToSigmoidAndItsLoss()
    {
        JobPlan plan = Plan(64, "model={hidden: [5, 3], activation: tanh}");

        Assert.Equal(
            (OutputUnit.Sigmoid, LossFunction.BinaryCrossEntropy), (plan.Job.Model.Output, plan.Job.Loss?.Name));
        Assert.Equal(
            (2, Activation.Tanh, 1, OutputUnit.Sigmoid, LossFunction.BinaryCrossEntropy),
            (plan.Architecture.Inputs, plan.Architecture.Activation, plan.Architecture.Outputs,
                plan.Architecture.OutputUnit, plan.Architecture.Loss));
        Assert.Equal([5, 3], plan.Architecture.Hidden);
    }

    [Fact]
    public void Create_LinearOutputAsked_IsARegression()
    {
        JobPlan plan = Plan(
            64, "data={source: rows.csv, target: b, features: {exclude: [class]}}", "model.output=linear");

        Assert.Equal(LossFunction.MeanSquaredError, plan.Architecture.Loss);
    }

    [Theory]
    [InlineData("relu", WeightInitialization.He)]
    [InlineData("tanh", WeightInitialization.Xavier)]
    [InlineData("sigmoid", WeightInitialization.Xavier)]
    [InlineData("identity", WeightInitialization.Xavier)]
    [InlineData("leaky_relu", WeightInitialization.He)]
    [InlineData("elu", WeightInitialization.He)]
    [InlineData("selu", WeightInitialization.Lecun)]
    [InlineData("gelu", WeightInitialization.He)]
    [InlineData("silu", WeightInitialization.He)]
    [InlineData("softplus", WeightInitialization.He)]
    public void Create_InitAuto_FollowsTheActivation(string activation, WeightInitialization expected)
    {
        JobPlan plan = Plan(64, $"model.activation={activation}");

        Assert.Equal((expected, expected), (plan.Initialization, plan.Job.Model.Init));
    }

    [Fact]
    public void Create_Dropout_IsPartOfTheObjective()
    {
        JobPlan plan = Plan(64, "model.dropout=0.25");

        Assert.Equal(0.25, plan.Objective.Dropout);
        Assert.Empty(plan.Warnings);
    }

    [Fact]
    public void Create_DropoutWithoutHiddenLayer_Warns()
    {
        JobPlan plan = Plan(64, "model={hidden: [], dropout: 0.25}");

        Assert.Equal(
            ["'model.dropout' has no effect, as there is no hidden layer ('model.hidden')."], plan.Warnings);
    }

    [Fact]
    public void Create_InitGiven_IsKept()
    {
        JobPlan plan = Plan(64, "model.init=pytorch");

        Assert.Equal(WeightInitialization.PyTorch, plan.Initialization);
    }

    [Fact]
    public void Create_Optimizer_TakesTheSpecsNumbers()
    {
        JobPlan adam = Plan(64, "optimizer={beta1: 0.5, weight_decay: 0.25}");
        JobPlan sgd = Plan(
            64, "optimizer={name: sgd, learning_rate: 0.3, momentum: 0.5, decay_biases: false, clip_norm: 2}");

        Assert.Equal(new AdamSettings(0.5, 0.999, 1e-8, 0.25), adam.Optimizer);
        Assert.Equal(new SgdSettings(0.5, 0) { DecayBiases = false, ClipNorm = 2 }, sgd.Optimizer);
        Assert.Equal((0.001f, 0.3f), (adam.LearningRate(0), sgd.LearningRate(1_000_000)));
    }

    [Theory]
    [InlineData(
        "loss=mse",
        "'loss' is mse, which does not fit the output unit sigmoid; set it to binary_cross_entropy or auto.")]
    [InlineData(
        "early_stopping.metric=validation.r2",
        "'early_stopping.metric' is validation.r2, which the output unit sigmoid does not have; set it to "
        + "validation.loss, validation.accuracy, validation.auc, validation.precision, validation.recall, "
        + "validation.f1, validation.pr_auc, validation.log_loss, validation.brier or validation.calibration_error.")]
    [InlineData(
        "model.hidden=[2000000000, 2000000000]",
        "'model.hidden' is [2000000000, 2000000000], which makes more than 2147483591 parameters; make the layers "
        + "narrower.")]
    public void Create_WhatDoesNotFit_SaysWhatToSet(string set, string expected)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => Plan(64, set));

        Assert.Equal(expected, error.Message);
    }

    [Theory]
    [InlineData("training.epochs=3", 3 * 7)]
    [InlineData("training={epochs: 3, max_steps: 5}", 5)]
    [InlineData("training={epochs: 3, max_steps: 50}", 3 * 7)]
    public void TotalSteps_EpochsAndMaxSteps_IsTheSmaller(string set, long expected)
    {
        JobPlan plan = Plan(200, AllTrain, set);

        Assert.Equal(expected, plan.TotalSteps);
    }

    [Fact]
    public void TotalSteps_MostEpochs_DoesNotOverflow()
    {
        JobPlan plan = Plan(200, AllTrain, "training={epochs: 2147483647, batch_size: 1}");

        Assert.Equal(2147483647L * 200, plan.TotalSteps);
    }

    [Theory]
    [InlineData("auto", 1, 1)]
    [InlineData("auto", 3, 3)]
    [InlineData("auto", 9, 4)]
    [InlineData("2", 9, 2)]
    [InlineData("4", 1, 4)]
    public void Workers_AskedAndSilos_AreAtMostTheLogicalShards(string asked, int silos, int expected)
    {
        JobPlan plan = Plan(200, AllTrain, "distributed.logical_shards=4", $"distributed.workers={asked}");

        Assert.Equal(expected, plan.Workers(silos));
    }

    [Fact]
    public void Workers_MoreThanLogicalShards_SaysWhatToSet()
    {
        JobPlan plan = Plan(200, AllTrain, "distributed.workers=3");

        ConfigurationException error = Assert.Throws<ConfigurationException>(() => plan.Workers(2));

        Assert.Equal(
            "'distributed.workers' is 3, but the job has 2 logical shards; set it to 2 or less, or "
            + "'distributed.logical_shards' to a power of two of at least 3.",
            error.Message);
    }

    [Theory]
    [InlineData("training.batch_size=full", AllTrain)]
    [InlineData("training.batch_size=1000", "model.hidden=[]")]
    [InlineData("distributed.workers=2", "optimizer.name=sgd")]
    public void Create_ResolvedJob_ResolvesToItself(string first, string second)
    {
        JobSpec job = Load(200, [first, second]);
        DataPlan data = Read(job);

        JobPlan once = JobPlan.Create(job, data);
        JobPlan twice = JobPlan.Create(
            JobFile.Parse(JobFile.ToJson(once.Job), "job"), DataPlan.FromJson(data.ToJson()));

        Assert.Equal(JobFile.ToYaml(once.Job), JobFile.ToYaml(twice.Job));
        Assert.Equal(once.Optimizer, twice.Optimizer);
        Assert.Equal((once.TotalSteps, once.Shards.Count), (twice.TotalSteps, twice.Shards.Count));
        Assert.Empty(twice.Warnings);
    }

    [Fact]
    public void Create_Source_BecomesAbsolute()
    {
        JobPlan plan = Plan(64);

        Assert.Equal(Path.Combine(_folder.Path, "rows.csv"), plan.Job.Data.Source);
    }

    [Fact]
    public void Request_CatalogueName_IsTheSet()
    {
        JobSpec job = JobFile.Parse("data: {source: digits}", "job.yaml");

        DataRequest request = JobPlan.Request(job, _folder.Path);

        Assert.Equal(("digits", (string?)null, 42UL), (request.Source.Name, request.Source.Path, request.Seed));
    }

    [Fact]
    public void Request_FileInTheCurrentFolderOnly_IsFound()
    {
        string name = $"rows-{Guid.NewGuid():N}.csv";
        File.WriteAllText(name, "a,b\n1,2\n");
        try
        {
            DataRequest request = JobPlan.Request(JobFile.Parse($"data: {{source: {name}}}", "job.yaml"), _folder.Path);

            Assert.Equal(Path.GetFullPath(name), request.Source.Path);
        }
        finally
        {
            File.Delete(name);
        }
    }

    [Fact]
    public void Request_NoSuchSet_HasTheNearestName()
    {
        JobSpec job = JobFile.Parse("data: {source: digit}", "job.yaml");

        DataException error = Assert.Throws<DataException>(() => JobPlan.Request(job, _folder.Path));

        Assert.Contains("did you mean 'digits'?", error.Message, StringComparison.Ordinal);
    }

    private JobPlan Plan(int rows, params string[] sets)
    {
        JobSpec job = Load(rows, sets);
        return JobPlan.Create(job, Read(job));
    }

    private DataPlan Read(JobSpec job) =>
        DataPlan.Create(JobPlan.Request(job, _folder.Path), TestContext.Current.CancellationToken);

    // Two numeric columns and two classes in turn.
    private JobSpec Load(int rows, string[] sets)
    {
        IEnumerable<string> lines = Enumerable.Range(0, rows).Select(row => $"{row},{row * 0.5},{"yn"[row % 2]}");
        _folder.Write("rows.csv", $"a,b,class\n{string.Join('\n', lines)}\n");
        return _folder.Load("data: {source: rows.csv, target: class}", sets);
    }
}
