using Xunit;

namespace Trainer.Malformed;

/// <summary>Job files and tables that cannot be used: the executable says in one line what, where and why.</summary>
public sealed class MalformedJobTests : IDisposable
{
    private const string Digits = "version: 1\ndata: {source: digits}\n";
    private const string Table = "version: 1\ndata: {source: table.csv, target: y}\nmodel: {output: linear}\n";

    private readonly TrainerCommand _trainer = new();

    // What the line has to name: the file or key, the place, the reason.
    public static TheoryData<string, string, string[]> JobFiles => new()
    {
        { "empty", "", ["job.yaml", "empty"] },
        { "no map", "- 1\n- 2\n", ["job.yaml:1", "list"] },
        { "tab", "version: 1\ndata:\n\tsource: digits\n", ["job.yaml:3"] },
        { "unclosed", "version: 1\ndata: {source: digits\n", ["job.yaml:3", "YAML"] },
        { "unknown key", Digits + "training: {epoch: 3}\n", ["job.yaml:3", "epoch", "epochs"] },
        { "repeated key", Digits + "seed: 1\nseed: 2\n", ["job.yaml:4", "seed"] },
        { "wrong type", Digits + "training: {epochs: many}\n", ["job.yaml:3", "epochs", "many"] },
        { "out of range", Digits + "model: {hidden: [64, 0]}\n", ["job.yaml:3", "hidden", "0"] },
        { "unknown value", Digits + "model: {activation: rleu}\n", ["job.yaml:3", "activation", "rleu", "'relu'"] },
        { "not built", Digits + "distributed: {mode: asynchronous}\n", ["job.yaml:3", "asynchronous", "not built"] },
        { "split", Digits + "split: {train: 0.9, validation: 0.2, test: 0.1}\n", ["job.yaml:3", "split", "1.2"] },
        { "version", "version: 2\ndata: {source: digits}\n", ["job.yaml:1", "version", "2"] },
        { "no source", "version: 1\n", ["job.yaml:1", "data"] },
        { "unknown set", "version: 1\ndata: {source: digit}\n", ["digit", "digits"] },
        { "no file", "version: 1\ndata: {source: nowhere.csv, target: y}\n", ["nowhere.csv", "does not exist"] },
        { "NUL", Digits + "name: a\0b\n", ["job.yaml:3", "U+0000"] },
        { "tag", Digits + "name: !!python/object/apply:os.system [ls]\n", ["job.yaml:3", "tags"] },
        { "second document", Digits + "---\nseed: 2\n", ["job.yaml:3", "second"] },
        { "learning rate NaN", Digits + "optimizer: {name: sgd, learning_rate: .nan}\n",
            ["job.yaml:3", "learning_rate", ".nan"] },
        { "learning rate 1e400", Digits + "optimizer: {learning_rate: 1e400}\n",
            ["job.yaml:3", "learning_rate", "1e400"] },
        { "negative width", Digits + "model: {hidden: [-5]}\n", ["job.yaml:3", "hidden", "-5"] },
        { "width 2^31", Digits + "model: {hidden: [2147483648]}\n", ["job.yaml:3", "hidden", "2147483648"] },
        { "too many weights", Digits + "model: {hidden: [1000000, 1000000]}\n", ["hidden"] },
        { "batch of 0", Digits + "training: {batch_size: 0}\n", ["job.yaml:3", "batch_size", "0"] },
        { "epochs -1", Digits + "training: {epochs: -1}\n", ["job.yaml:3", "epochs", "-1"] },
        { "shards 3", Digits + "distributed: {logical_shards: 3}\n", ["job.yaml:3", "logical_shards", "3"] },
        { "dropout 1.5", Digits + "model: {dropout: 1.5}\n", ["job.yaml:3", "dropout", "1.5"] },
        { "key is a list", "version: 1\n? [a]\n: b\n", ["job.yaml:2", "key"] },
        { "weights of no class", Digits + "loss: {name: cross_entropy, class_weights: {eleven: 2}}\n",
            ["class_weights", "eleven"] },
        { "loss of no such output", Digits + "loss: mse\nmodel: {output: softmax}\n", ["loss", "mse"] },
        { "generator", "version: 1\ndata: {source: {generator: spiral, rows: -1}}\n", ["job.yaml:2", "rows", "-1"] },
        { "control text", Digits + "name: \"a\\e[31m\"\n", ["job.yaml:3", "name"] },
    };

    public static TheoryData<string, string, string[]> Tables => new()
    {
        { "empty", "", ["table.csv", "empty"] },
        { "header only", "x,y\n", ["table.csv", "no rows"] },
        { "short row", "x,y\n1,2\n3\n5,6\n", ["table.csv", "row 2", "line 3"] },
        { "long row", "x,y\n1,2\n3,4,5\n", ["table.csv", "row 2", "line 3"] },
        { "unclosed quote", "x,y\n1,\"2\n3,4\n", ["table.csv", "line 2", "quote"] },
        { "decimal commas", "x;y\n1;2\n3,5;4\n", ["table.csv", "row 2", "'x'", "3,5"] },
        { "NaN", "x,y\n1,2\nNaN,4\n", ["table.csv", "row 2", "'x'", "NaN"] },
        { "too large", "x,y\n1,2\n1e39,4\n", ["table.csv", "row 2", "'x'", "1e39"] },
        { "no target values", "x,y\n1,\n2,NA\n", ["table.csv", "'y'", "no value"] },
        { "only a target", "y\n1\n2\n", ["table.csv", "no feature columns"] },
        { "two columns of one name", "x,x,y\n1,2,3\n", ["table.csv", "header", "'x'"] },
        { "no target", "x,z\n1,2\n3,4\n", ["table.csv", "'y'"] },
        { "not UTF-8", "x,y\n1,2\n\u00ff\u00fe,4\n", ["table.csv", "row 2"] },
        { "UTF-16", "\u00ff\u00fex\u0000,\u0000y\u0000", ["table.csv", "UTF-16"] },
        { "1e400", "x,y\n1,2\n1e400,4\n", ["table.csv", "row 2", "'x'", "1e400"] },
        { "infinity", "x,y\n1,2\n-Infinity,4\n", ["table.csv", "row 2", "'x'", "-Infinity"] },
        { "NUL", "x,y\n1,2\n\0\0,4\n", ["table.csv", "row 2", "\\u0000"] },
        { "text after a quote", "x,y\n\"1\"2,3\n", ["table.csv", "row 1", "line 2", "quote"] },
    };

    public void Dispose() => _trainer.Dispose();

    [Theory]
    [MemberData(nameof(JobFiles))]
    public async Task Train_MalformedJobFile_Exit2AndOneLine(string what, string job, string[] named)
    {
        string path = _trainer.Write("job.yaml", job);

        CommandResult train = await RunAsync("train", path, "--silos", "0");
        CommandResult check = await RunAsync("check", path);

        train.AssertRefused(what, named);
        Assert.Equal(train.Complaint, check.Complaint);
        Assert.Equal(train.ExitCode, check.ExitCode);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Train_MalformedTable_Exit2AndOneLine(string what, string table, string[] named)
    {
        // One byte a character, so that the table can be no UTF-8.
        string data = Path.Combine(_trainer.Folder, "table.csv");
        await File.WriteAllBytesAsync(
            data, [.. table.Select(character => (byte)character)], TestContext.Current.CancellationToken);
        string job = _trainer.Write("job.yaml", Table);

        CommandResult train = await RunAsync("train", job, "--silos", "0");
        CommandResult check = await RunAsync("check", job);

        train.AssertRefused(what, named);
        Assert.Equal(train.Complaint, check.Complaint);
        Assert.Equal(train.ExitCode, check.ExitCode);
    }

    [Theory]
    [InlineData("training.epochs=0", "training.epochs", "0")]
    [InlineData("training.epoch=3", "training.epoch", "epochs")]
    [InlineData("training.epochs", "training.epochs", "=")]
    [InlineData("model.hidden=[1,", "model.hidden", "--set")]
    [InlineData("optimizer={name: sdg}", "sdg", "sgd")]
    public async Task Check_MalformedOverride_Exit2AndOneLine(string text, params string[] named)
    {
        string path = _trainer.Write("job.yaml", Digits);

        CommandResult check = await RunAsync("check", path, "--set", text);

        check.AssertRefused(text, named);
    }

    [Fact]
    public async Task Check_MalformedEnvironment_NamesTheVariable()
    {
        string path = _trainer.Write("job.yaml", Digits);
        _trainer.Environment["TRAINER__TRAINING__EPOCHS"] = "soon";

        CommandResult check = await RunAsync("check", path);

        check.AssertRefused("environment", ["TRAINER__TRAINING__EPOCHS", "soon"]);
    }

    [Fact]
    public async Task Check_NoSuchJobFile_NamesIt()
    {
        CommandResult check = await RunAsync("check", "nothing.yaml");

        check.AssertRefused("no file", ["nothing.yaml", "no such file"]);
    }

    private Task<CommandResult> RunAsync(params string[] arguments) =>
        _trainer.RunAsync(TestContext.Current.CancellationToken, arguments);
}
