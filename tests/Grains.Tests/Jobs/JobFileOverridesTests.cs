using Trainer.Errors;
using Trainer.Losses;

using Xunit;

namespace Trainer.Jobs;

public sealed class JobFileOverridesTests : IDisposable
{
    private const string Job = """
        data: {source: heart}
        model: {hidden: [64, 32]}
        optimizer: {name: adam, learning_rate: 0.5, beta1: 0.8}
        training: {epochs: 3}
        """;

    private readonly JobFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_FileEnvironmentAndSet_TheLaterIsStronger()
    {
        JobSpec job = _folder.Load(
            Job,
            ["training.batch_size=7"],
            ("TRAINER__TRAINING__EPOCHS", "5"), ("TRAINER__TRAINING__BATCH_SIZE", "6"));

        Assert.Equal((5, 7), (job.Training.Epochs, job.Training.BatchSize));
    }

    [Fact]
    public void Load_SeveralSets_TheLastWins()
    {
        JobSpec job = _folder.Load(Job, ["training.epochs=5", "training.epochs=6"]);

        Assert.Equal(6, job.Training.Epochs);
    }

    [Fact]
    public void Load_SetList_ReplacesTheWhole()
    {
        JobSpec job = _folder.Load(Job, ["model.hidden=[8]"]);

        Assert.Equal([8], job.Model.Hidden);
    }

    [Fact]
    public void Load_SetSection_ReplacesTheWhole()
    {
        JobSpec job = _folder.Load(Job, ["optimizer={beta2: 0.5}"]);

        Assert.Equal(new AdamSpec { Beta2 = 0.5 }, job.Optimizer);
    }

    [Fact]
    public void Load_SetOptimizerName_TakesTheNewOnesDefaults()
    {
        JobSpec job = _folder.Load(Job, ["optimizer.name=sgd"]);

        Assert.Equal(new SgdSpec(), job.Optimizer);
    }

    [Fact]
    public void Load_SetSameOptimizerName_KeepsItsKeys()
    {
        JobSpec job = _folder.Load(Job, ["optimizer.name=adam"]);

        Assert.Equal(new AdamSpec { LearningRate = 0.5, Beta1 = 0.8 }, job.Optimizer);
    }

    [Theory]
    [InlineData("optimizer.name=sgd", "optimizer.momentum=0.9")]
    [InlineData("optimizer.momentum=0.9", "optimizer.name=sgd")]
    public void Load_SetOptimizerNameAndKey_InAnyOrderKeepsTheKey(string first, string second)
    {
        JobSpec job = _folder.Load(Job, [first, second]);

        Assert.Equal(new SgdSpec { Momentum = 0.9 }, job.Optimizer);
    }

    [Fact]
    public void Load_EnvironmentOptimizerNameAndKey_KeepsTheKey()
    {
        JobSpec job = _folder.Load(
            Job, [], ("TRAINER__OPTIMIZER__MOMENTUM", "0.9"), ("TRAINER__OPTIMIZER__NAME", "sgd"));

        Assert.Equal(new SgdSpec { Momentum = 0.9 }, job.Optimizer);
    }

    [Fact]
    public void Load_SetKeyOfNull_MakesTheSection()
    {
        JobSpec job = _folder.Load($"{Job}\nearly_stopping: null", ["early_stopping.patience=3"]);

        Assert.Equal(new EarlyStoppingSpec { Patience = 3 }, job.EarlyStopping);
    }

    [Fact]
    public void Load_SetKeyBesideAName_KeepsTheName()
    {
        JobSpec job = _folder.Load($"{Job}\nloss: mse", ["loss.label_smoothing=0"]);

        Assert.Equal(LossFunction.MeanSquaredError, job.Loss?.Name);
    }

    [Fact]
    public void Load_EnvironmentOfHostsAndOthers_DoesNotCount()
    {
        JobSpec job = _folder.Load(
            Job, [], ("Trainer__Compute__MaxConcurrentComputations", "2"), ("TRAINER_HOME", "x"), ("EPOCHS", "9"));

        Assert.Equal(3, job.Training.Epochs);
    }

    [Fact]
    public void Load_EnvironmentInLowerCase_Counts()
    {
        JobSpec job = _folder.Load(Job, [], ("TRAINER__training__Epochs", "9"));

        Assert.Equal(9, job.Training.Epochs);
    }

    [Theory]
    [InlineData(
        "training.epochs=0",
        "--set 'training.epochs=0': 'training.epochs' is 0; it must be a whole number of at least 1.")]
    [InlineData(
        "optimizer.learning_rat=1",
        "--set 'optimizer.learning_rat=1': unknown key 'optimizer.learning_rat'; did you mean 'learning_rate'?")]
    [InlineData("optimiser.name=sgd", "--set 'optimiser.name=sgd': unknown key 'optimiser'; did you mean 'optimizer'?")]
    [InlineData("epochs=3", "--set 'epochs=3': unknown key 'epochs'; did you mean 'training.epochs'?")]
    [InlineData(
        "training.epochs", "--set 'training.epochs': is not path=value; write for example --set training.epochs=5.")]
    [InlineData("=3", "--set '=3': is not path=value; write for example --set training.epochs=5.")]
    [InlineData(
        "training..epochs=3",
        "--set 'training..epochs=3': a key of the path is empty; write for example training.epochs.")]
    [InlineData(
        "model.hidden=[1,",
        "--set 'model.hidden=[1,': not valid YAML: while parsing a node, did not find expected node content.")]
    [InlineData(
        "training.epochs.x=1",
        "--set 'training.epochs.x=1': 'training.epochs' is a map; it must be a whole number of at least 1.")]
    [InlineData(
        "optimizer.beta1=2",
        "--set 'optimizer.beta1=2': 'optimizer.beta1' is 2; it must be a finite number of at least 0 and below 1.")]
    [InlineData(
        "training.epochs=",
        "--set 'training.epochs=': 'training.epochs' is null; it must be a whole number of at least 1.")]
    [InlineData(
        "optimizer.momentum=0.9",
        "--set 'optimizer.momentum=0.9': 'optimizer.momentum' is a key of sgd, but 'optimizer.name' is adam, which has "
        + "learning_rate, beta1, beta2, epsilon, amsgrad, weight_decay, decay_biases, clip_norm.")]
    [InlineData(
        "name=a\nb",
        "--set 'name=a b': 'name' is \"a b\"; it must be 1 to 64 of the characters A-Z a-z 0-9 . _ - without a leading "
        + "dot.")]
    public void Load_WrongSet_NamesIt(string set, string expected)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => _folder.Load(Job, [set]));

        Assert.Equal(expected, error.Message);
    }

    [Theory]
    [InlineData(
        "TRAINER__TRAINING__EPOCH", "5",
        "environment TRAINER__TRAINING__EPOCH=5: unknown key 'training.epoch'; did you mean 'epochs'?")]
    [InlineData(
        "TRAINER__TRAINING__EPOCHS", "many",
        "environment TRAINER__TRAINING__EPOCHS=many: 'training.epochs' is \"many\"; it must be a whole number of at "
        + "least 1.")]
    [InlineData(
        "TRAINER__", "5", "environment TRAINER__=5: a key of the path is empty; write for example training.epochs.")]
    public void Load_WrongVariable_NamesIt(string variable, string value, string expected)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => _folder.Load(Job, [], (variable, value)));

        Assert.Equal(expected, error.Message);
    }
}
