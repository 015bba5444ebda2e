using Trainer.Errors;

using Xunit;

namespace Trainer.Jobs;

public sealed class JobFileErrorsTests
{
    private const string Optimizers = "adam, sgd, adamw, nadam, rmsprop, adagrad or adadelta";

    // Whole files.
    public static TheoryData<string, string> Files => new()
    {
        { "epoch: 5", ":1: unknown key 'epoch'; did you mean 'training.epochs'?" },
        { "learning_rate: 0.1", ":1: unknown key 'learning_rate'; did you mean 'optimizer.learning_rate'?" },
        {
            "data: {source: heart, zzzzzz: 1}",
            ":1: unknown key 'data.zzzzzz'; allowed are source, format, target, features, columns, weights."
        },
        { "version: 1", ":1: 'data' is missing; it must be a map with keys such as source, format or target." },
        { "data: {format: csv}", ":1: 'data.source' is missing; it must be a catalogue name, a path or a generator." },
        { "data: {source: \"\"}", ":1: 'data.source' is \"\"; it must be a catalogue name, a path or a generator." },
        {
            "data: {source: 5}",
            ":1: 'data.source' is 5; it must be a catalogue name, a path or a generator; put it in quotes if it is " +
                "meant "
                + "as text: \"5\"."
        },
        { "data: {source: [a]}", ":1: 'data.source' is a list; it must be a catalogue name, a path or a generator." },
        { "data: {source: null}", ":1: 'data.source' is null; it must be a catalogue name, a path or a generator." },
        { "data:", ":1: 'data' is null; it must be a map with keys such as source, format or target." },
        { "- data", ":1: the file is a list; it must be a map of keys such as data and model." },
        { "heart", ":1: the file is \"heart\"; it must be a map of keys such as data and model." },
        { "null", ": the file holds nothing; a job needs at least 'data: {source: ...}'." },
        { "# nothing", ": the file holds nothing; a job needs at least 'data: {source: ...}'." },
        {
            "data: {source: heart, target: [a, a]}",
            ":1: 'data.target[1]' is \"a\" again; each may stand there once."
        },
        {
            "data: {source: heart, target: {a: 1}}",
            ":1: 'data.target' is a map; it must be a column or a list of columns."
        },
        {
            "data: {source: heart, target: 3}",
            ":1: 'data.target' is 3; it must be a column's name; put it in quotes if it is meant as text: "
                + "\"3\"."
        },
        { "data: {source: heart, columns: a}", ":1: 'data.columns' is \"a\"; it must be a list of columns." },
        { "data: {source: heart, format: xls}", ":1: 'data.format' is \"xls\"; it must be auto, csv, idx or npy." },
        { "data:\n\tsource: heart", ":2: not valid YAML: a tab indents this line; use spaces." },
        {
            "data: {source: heart",
            ":2: not valid YAML: while parsing a flow mapping, did not find expected ',' or '}'."
        },
        {
            "data: &d {source: heart}",
            ":1: anchors (&) and aliases (*) are not allowed in a job file; write the value out."
        },
        { "data: {source: !!str heart}", ":1: tags (!) are not allowed in a job file; put text in quotes instead." },
        { "? [a]\n: 1", ":1: a key is a list or a map; keys are names." },
        {
            "data: {source: \"heart}",
            ":1: not valid YAML: while scanning a quoted scalar, found unexpected end of stream."
        },
        {
            "{\"data\": {\"source\": \"heart\"},\n \"training\": {\"epochs\": -1}}",
            ":2: 'training.epochs' is -1; it must be a whole number of at least 1."
        },
        {
            "data: {source: heart, features: {include: a}}",
            ":1: 'data.features.include' is \"a\"; it must be a list of columns."
        },
        {
            "data: {source: \"a\\0b\"}",
            ":1: 'data.source' is \"a b\"; it must be a catalogue name, a path or a generator."
        },
    };

    // What stands below the line "data: {source: heart}", so that lines start at 2.
    public static TheoryData<string, string> Values => new()
    {
        {
            "optimizer: {learning_rat: 0.1}",
            "2: unknown key 'optimizer.learning_rat'; did you mean 'learning_rate'?"
        },
        { "\nmodl:\n  hidden: [4]", "3: unknown key 'modl'; did you mean 'model'?" },
        { "model: {epochs: 3}", "2: unknown key 'model.epochs'; did you mean 'training.epochs'?" },
        {
            "optimizer: {momentum: 0.9}",
            "2: 'optimizer.momentum' is a key of sgd, but 'optimizer.name' is adam, which has "
                + "learning_rate, beta1, beta2, epsilon, amsgrad, weight_decay, decay_biases, clip_norm."
        },
        {
            "schedule: {every: 3}",
            "2: 'schedule.every' is a key of step, but 'schedule.name' is constant, which has warmup_steps."
        },
        { "version: 2", "2: 'version' is 2; it must be 1." },
        {
            "name: .hidden",
            "2: 'name' is \".hidden\"; it must be 1 to 64 of the characters A-Z a-z 0-9 . _ - without a "
                + "leading dot."
        },
        {
            "name: \"a b\"",
            "2: 'name' is \"a b\"; it must be 1 to 64 of the characters A-Z a-z 0-9 . _ - without a leading "
                + "dot."
        },
        {
            "name: 12",
            "2: 'name' is 12; it must be 1 to 64 of the characters A-Z a-z 0-9 . _ - without a leading dot; "
                + "put it in quotes if it is meant as text: \"12\"."
        },
        {
            "name: \"with\\nnewline\"",
            "2: 'name' is \"with newline\"; it must be 1 to 64 of the characters A-Z a-z 0-9 . _ - without "
                + "a leading dot."
        },
        { "seed: -1", "2: 'seed' is -1; it must be a whole number of at least 0." },
        { "seed: 1.5", "2: 'seed' is 1.5; it must be a whole number of at least 0." },
        { "seed: 9223372036854775808", "2: 'seed' is 9223372036854775808; it must be a whole number of at least 0." },
        {
            "split: {train: 0.8}",
            "2: the parts of 'split' sum to 1.1 (train 0.8, validation 0.15, test 0.15); they must sum to "
                + "1: set all three."
        },
        {
            "split: {train: 0, validation: 0.5, test: 0.5}",
            "2: 'split.train' is 0; it must be a finite number above 0 and at most 1."
        },
        {
            "split: {train: 1.5, validation: -0.25, test: -0.25}",
            "2: 'split.train' is 1.5; it must be a finite number above 0 and at most 1."
        },
        { "split: {train: .nan}", "2: 'split.train' is .nan; it must be a finite number above 0 and at most 1." },
        {
            "preprocess: {numeric: standardise}",
            "2: 'preprocess.numeric' is \"standardise\"; it must be standardize, min_max or none; did you "
                + "mean 'standardize'?"
        },
        {
            "preprocess: {numeric: null}",
            "2: 'preprocess.numeric' is null; it must be standardize, min_max or none."
        },
        { "model: {hidden: 16}", "2: 'model.hidden' is 16; it must be a list of widths such as [64, 32], or []." },
        { "model: {hidden: [16, 0]}", "2: 'model.hidden[1]' is 0; it must be a whole number of at least 1." },
        { "model: {hidden: [16, 4.5]}", "2: 'model.hidden[1]' is 4.5; it must be a whole number of at least 1." },
        { "model: {hidden: [16, \"8\"]}", "2: 'model.hidden[1]' is \"8\"; it must be a whole number of at least 1." },
        {
            "model: {activation: rellu}",
            "2: 'model.activation' is \"rellu\"; it must be identity, sigmoid, tanh, relu, leaky_relu, elu, selu, "
                + "gelu, silu or softplus; did you mean 'relu'?"
        },
        {
            "model: {activation: swish}",
            "2: 'model.activation' is \"swish\"; it must be identity, sigmoid, tanh, relu, leaky_relu, elu, selu, "
                + "gelu, silu or softplus."
        },
        {
            "model: {init: glorot}",
            "2: 'model.init' is \"glorot\"; it must be he, xavier, lecun, pytorch or zeros, or auto."
        },
        { "model: {threshold: 1}", "2: 'model.threshold' is 1; it must be a finite number above 0 and below 1." },
        {
            "model: {threshold: 0.99999999999}",
            "2: 'model.threshold' is 0.99999999999; it must be a finite number above 0 and below 1, also "
                + "when it is rounded to 32 bits."
        },
        { "model: {dropout: 1}", "2: 'model.dropout' is 1; it must be a finite number of at least 0 and below 1." },
        { "model:", "2: 'model' is null; it must be a map with keys such as hidden, activation or output." },
        { "model: relu", "2: 'model' is \"relu\"; it must be a map with keys such as hidden, activation or output." },
        {
            "loss: hinge",
            "2: 'loss' is \"hinge\"; it must be auto, mse, binary_cross_entropy, cross_entropy or perceptron."
        },
        {
            "loss: {class_weights: balance}",
            "2: 'loss.class_weights' is \"balance\"; it must be none or balanced; did you mean 'balanced'?"
        },
        {
            "loss: {class_weights: 3}",
            "2: 'loss.class_weights' is 3; it must be none or balanced, or a map from classes to weights."
        },
        {
            "loss: {class_weights: {a: -1}}",
            "2: 'loss.class_weights.a' is -1; it must be a finite number of at least 0."
        },
        {
            "loss: {label_smoothing: 1}",
            "2: 'loss.label_smoothing' is 1; it must be a finite number of at least 0 and below 1."
        },
        {
            "loss: {positive_weight: 0}",
            "2: 'loss.positive_weight' is 0; it must be a finite number above 0, or null."
        },
        {
            "loss: {name: mes}",
            "2: 'loss.name' is \"mes\"; it must be auto, mse, binary_cross_entropy, cross_entropy or perceptron; did "
                + "you mean 'mse'?"
        },
        {
            "loss: [mse]",
            "2: 'loss' is a list; it must be auto, mse, binary_cross_entropy, cross_entropy or perceptron, or a map "
                + "with the key name."
        },
        { "optimizer: adm", $"2: 'optimizer' is \"adm\"; it must be {Optimizers}; did you mean 'adam'?" },
        {
            "optimizer: {name: sgd, beta1: 0.9}",
            "2: 'optimizer.beta1' is a key of adam, adamw or nadam, but 'optimizer.name' is sgd, which has "
                + "learning_rate, momentum, nesterov, weight_decay, decay_biases, clip_norm."
        },
        { "optimizer: {learning_rate: 0}", "2: 'optimizer.learning_rate' is 0; it must be a finite number above 0." },
        {
            "optimizer: {learning_rate: 1e-60}",
            "2: 'optimizer.learning_rate' is 1e-60; it must be a finite number above 0, also when it is "
                + "rounded to 32 bits."
        },
        {
            "optimizer: {learning_rate: 1e999}",
            "2: 'optimizer.learning_rate' is 1e999; it must be a finite number above 0."
        },
        {
            "optimizer: {learning_rate: \"0.1\"}",
            "2: 'optimizer.learning_rate' is \"0.1\"; it must be a finite number above 0."
        },
        {
            "optimizer: {learning_rate: 0,1}",
            "2: 'optimizer.learning_rate' is 0; it must be a finite number above 0."
        },
        {
            "optimizer: {name: sgd, momentum: 1}",
            "2: 'optimizer.momentum' is 1; it must be a finite number of at least 0 and below 1."
        },
        {
            "optimizer: {clip_norm: 0}",
            "2: 'optimizer.clip_norm' is 0; it must be a finite number above 0, or null."
        },
        {
            "optimizer: {weight_decay: -1}",
            "2: 'optimizer.weight_decay' is -1; it must be a finite number of at least 0."
        },
        { "training: {epochs: 0}", "2: 'training.epochs' is 0; it must be a whole number of at least 1." },
        { "training: {epochs: ten}", "2: 'training.epochs' is \"ten\"; it must be a whole number of at least 1." },
        {
            "training: {epochs: 99999999999}",
            "2: 'training.epochs' is 99999999999; it must be a whole number of at least 1, and at most "
                + "2147483647."
        },
        {
            "training: {batch_size: auto}",
            "2: 'training.batch_size' is \"auto\"; it must be a whole number of at least 1, or full."
        },
        { "training: {shuffle: yes}", "2: 'training.shuffle' is \"yes\"; it must be true or false." },
        {
            "training: {max_steps: 0}",
            "2: 'training.max_steps' is 0; it must be a whole number of at least 1, or null."
        },
        {
            "distributed: {logical_shards: 3}",
            "2: 'distributed.logical_shards' is 3; it must be a power of two from 1 to 1048576, or auto."
        },
        {
            "distributed: {logical_shards: 2097152}",
            "2: 'distributed.logical_shards' is 2097152; it must be a power of two from 1 to 1048576, or "
                + "auto."
        },
        {
            "distributed: {workers: 0}",
            "2: 'distributed.workers' is 0; it must be a whole number of at least 1, or auto."
        },
        {
            "training: {batch_size: 8}\ndistributed:\n  logical_shards: 16",
            "4: 'distributed.logical_shards' is 16, but 'training.batch_size' is 8; set at most as many "
                + "logical shards as a batch has rows, or auto."
        },
        {
            "distributed: {logical_shards: 4, workers: 5}",
            "2: 'distributed.workers' is 5, but 'distributed.logical_shards' is 4; set at most as many "
                + "workers as logical shards, or auto."
        },
        {
            "split: {folds: 1}",
            "2: 'split.folds' is 1; it must be a whole number from 2 to 1000, or the path of a CSV file with the "
                + "columns row and fold, or null."
        },
        {
            "split: {folds: 5, train: 0.8, validation: 0, test: 0.2}",
            "2: 'split' has both 'folds' and parts; with folds each one is the test part of the others: remove "
                + "'train', 'validation' and 'test'."
        },
        {
            "early_stopping: {patience: 0}",
            "2: 'early_stopping.patience' is 0; it must be a whole number of at least 1."
        },
        {
            "early_stopping: {metric: loss}",
            "2: 'early_stopping.metric' is \"loss\"; it must be validation.loss, validation.accuracy, "
                + "validation.auc, validation.precision, validation.recall, validation.f1, validation.pr_auc, "
                + "validation.log_loss, validation.brier, validation.calibration_error, validation.top_3_accuracy, "
                + "validation.top_5_accuracy, validation.mae, validation.mse or validation.r2."
        },
        {
            "early_stopping: off",
            "2: 'early_stopping' is \"off\"; it must be a map with keys such as metric, patience or "
                + "restore_best, or null."
        },
        {
            "checkpoint: {every_seconds: 0}",
            "2: 'checkpoint.every_seconds' is 0; it must be a finite number above 0, or null."
        },
        {
            "telemetry: {otlp: \"localhost:4318\"}",
            "2: 'telemetry.otlp' is \"localhost:4318\"; it must be an absolute http or https URL such as "
                + "http://127.0.0.1:4318, or null."
        },
        {
            "telemetry: {otlp: \"ftp://127.0.0.1\"}",
            "2: 'telemetry.otlp' is \"ftp://127.0.0.1\"; it must be an absolute http or https URL such as "
                + "http://127.0.0.1:4318, or null."
        },
        { "seed: 1\nseed: 2", "3: the key 'seed' is given twice (first in line 2)." },
        { "model:\n  hidden: [1\n  \tx: 2", "4: not valid YAML: a tab indents this line; use spaces." },
        { "name: a: b", "2: not valid YAML: while scanning a plain scalar value, found invalid mapping." },
        { "---\ndata: {source: heart}", "2: a second YAML document starts here; a job file holds one." },
        { "model: *m", "2: anchors (&) and aliases (*) are not allowed in a job file; write the value out." },
        {
            "name: @x",
            "2: not valid YAML: while scanning for the next token, found character that cannot start any "
                + "token."
        },
        { "name: b\u0007", "2: the text holds the character U+0007; a job file is plain text in UTF-8." },
        { "split: {stratify: 1}", "2: 'split.stratify' is 1; it must be true or false." },
        {
            "preprocess: {missing: {numeric: medain}}",
            "2: 'preprocess.missing.numeric' is \"medain\"; it must be median; did you mean 'median'?"
        },
        {
            "preprocess: {missing: {number: median}}",
            "2: unknown key 'preprocess.missing.number'; allowed are numeric, categorical, indicator."
        },
        {
            "preprocess: {polynomial: {degree: 0}}",
            "2: 'preprocess.polynomial.degree' is 0; it must be a whole number from 1 to 16."
        },
        { "device: tpu", "2: 'device' is \"tpu\"; it must be cpu; did you mean 'cpu'?" },
        { "optimizer: 3", $"2: 'optimizer' is 3; it must be {Optimizers}, or a map with the key name." },
        { "optimizer: {name: sgdd}", $"2: 'optimizer.name' is \"sgdd\"; it must be {Optimizers}; did you mean 'sgd'?" },
        { "optimizer: null", $"2: 'optimizer' is null; it must be {Optimizers}, or a map with the key name." },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Parse_MalformedFile_SaysWhereAndWhy(string text, string expected) =>
        Assert.Equal($"job.yaml{expected}", MessageOf(text));

    [Theory]
    [MemberData(nameof(Values))]
    public void Parse_MalformedValue_NamesLineKeyAndWhatIsAllowed(string text, string expected) =>
        Assert.Equal($"job.yaml:{expected}", MessageOf($"data: {{source: heart}}\n{text}"));

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Parse_Bottomless_IsRefusedAtOnce(string opening)
    {
        string text = string.Concat(Enumerable.Repeat(opening, 100_000));

        Assert.Equal("job.yaml:1: the text is nested deeper than 64 levels.", MessageOf(text));
    }

    [Fact]
    public void Parse_Huge_IsRefused() => Assert.Equal(
        "job.yaml: the text is larger than 1048576 characters; a job file is a few lines of YAML or JSON.",
        MessageOf(new string('#', (1 << 20) + 1)));

    [Fact]
    public void Parse_EndlessKey_IsCutInTheMessage()
    {
        string message = MessageOf($"{new string('k', 1000)}: 1");

        Assert.StartsWith(
            $"job.yaml:1: unknown key '{new string('k', 60)}...'; allowed are", message, StringComparison.Ordinal);
    }

    private static string MessageOf(string text) =>
        Assert.Throws<ConfigurationException>(() => JobFile.Parse(text, "job.yaml")).Message;
}
