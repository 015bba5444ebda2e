using Xunit;

namespace Trainer.Commands;

public sealed class CommandLineTests
{
    // What is typed, what is said, and whose help it points to.
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "chekc job.yaml", "unknown command 'chekc'; did you mean 'check'?", "trainer" },
        { "frobnicate", "unknown command 'frobnicate'.", "trainer" },
        { "help", "unknown command 'help'; did you mean '--help'?", "trainer" },
        { "[suggest] x", "unknown command '[suggest]'.", "trainer" },
        { "--silos 2 check job.yaml", "unknown flag '--silos'.", "trainer" },
        { "--verion", "unknown flag '--verion'; did you mean '--version'?", "trainer" },
        { "config", "'trainer config' needs a command: print.", "trainer config" },
        { "config pint job.yaml", "unknown command 'pint'; did you mean 'print'?", "trainer config" },
        { "config -x", "unknown flag '-x'.", "trainer config" },
        { "config print", "missing argument JOB.", "trainer config print" },
        { "check", "missing argument JOB.", "trainer check" },
        { "check --json", "missing argument JOB.", "trainer check" },
        { "check a.yaml b.yaml", "'b.yaml' is one argument too many for 'trainer check'.", "trainer check" },
        { "check a.yaml --silo 3", "unknown flag '--silo'; did you mean '--silos'?", "trainer check" },
        { "check --silo 3 a.yaml", "unknown flag '--silo'; did you mean '--silos'?", "trainer check" },
        { "check a.yaml --silo=3", "unknown flag '--silo'; did you mean '--silos'?", "trainer check" },
        { "check a.yaml --frobnicate", "unknown flag '--frobnicate'.", "trainer check" },
        { "check a.yaml -j", "unknown flag '-j'.", "trainer check" },
        { "check a.yaml --version", "unknown flag '--version'.", "trainer check" },
        { "check a.yaml --silos", "'--silos' needs a value: --silos N.", "trainer check" },
        { "check a.yaml --silos=", "'--silos' needs a value: --silos N.", "trainer check" },
        { "check --set --json", "'--set' needs a value: --set PATH=VALUE.", "trainer check" },
        { "check a.yaml --silos two", "'--silos' is 'two'; it takes a whole number from 0 to 64.", "trainer check" },
        { "check a.yaml --silos 65", "'--silos' is '65'; it takes a whole number from 0 to 64.", "trainer check" },
        { "check a.yaml --silos -1", "'--silos' is '-1'; it takes a whole number from 0 to 64.", "trainer check" },
        { "check a.yaml --silos 2.0", "'--silos' is '2.0'; it takes a whole number from 0 to 64.", "trainer check" },
        { "check a.yaml --silos 2 --silos 3", "'--silos' is given 2 times; it can be given once.", "trainer check" },
        { "check a.yaml --json --json", "'--json' is given 2 times; it can be given once.", "trainer check" },
        { "check a.yaml --json=yes", "'--json' takes no value, but is given 'yes'.", "trainer check" },
        { "trian job.yaml --silos 2", "unknown command 'trian'; did you mean 'train'?", "trainer" },
        {
            "train job.yaml --requir test.loss=1",
            "unknown flag '--requir'; did you mean '--require'?",
            "trainer train"
        },
        { "train job.yaml --out", "'--out' needs a value: --out DIR.", "trainer train" },
        { "up --silos 0", "'--silos' is '0'; it takes a whole number from 1 to 64.", "trainer up" },
        { "up --threads 1e3", "'--threads' is '1e3'; it takes a whole number from 1 to 1024.", "trainer up" },
        { "scale", "missing argument N.", "trainer scale" },
        { "scale three", "N is 'three'; it takes a whole number from 1 to 64.", "trainer scale" },
        {
            "down --cluster .x",
            "'--cluster' is '.x'; allowed are 1 to 64 of A-Z a-z 0-9 . _ - with no dot at the start.",
            "trainer down"
        },
        { "evaluate digits-0001", "missing flag '--data FILE'.", "trainer evaluate" },
        {
            "evaluate m --data d --threshold 1",
            "'--threshold' is '1'; it takes a number above 0 and below 1.",
            "trainer evaluate"
        },
        {
            "evaluate m --data d --threshold 0,5",
            "'--threshold' is '0,5'; it takes a number above 0 and below 1.",
            "trainer evaluate"
        },
        {
            "evaluate m --data d --threshold NaN",
            "'--threshold' is 'NaN'; it takes a number above 0 and below 1.",
            "trainer evaluate"
        },
        { "predict digits-0001", "missing argument FILE.", "trainer predict" },
        { "export digits-0001", "missing flag '--to FORMAT'.", "trainer export" },
        {
            "export digits-0001 --to pickle",
            "'--to' is 'pickle'; it takes safetensors (onnx is not built yet).",
            "trainer export"
        },
        {
            "bench exchange",
            "WHAT is 'exchange'; it takes gemm or step (exchange is not built yet).",
            "trainer bench"
        },
        { "bench gemm step", "'step' is one argument too many for 'trainer bench'.", "trainer bench" },
        { "bench --frobnicate", "unknown flag '--frobnicate'.", "trainer bench" },
        { "predict m f -o", "'-o' needs a value: -o OUT.", "trainer predict" },
        { "sweep statsu x-0001", "unknown command 'statsu'; did you mean 'status'?", "trainer sweep" },
        { "sweep a.yaml --silo 2", "unknown flag '--silo'; did you mean '--silos'?", "trainer sweep" },
        { "sweep a.yaml b.yaml", "'b.yaml' is one argument too many for 'trainer sweep'.", "trainer sweep" },
        { "sweep best", "missing argument SWEEP.", "trainer sweep best" },
        { "sweep extend x-0001", "missing flag '--trials N'.", "trainer sweep extend" },
        { "sweep job x-0001 two", "N is 'two'; it takes a whole number from 0 to 2147483647.", "trainer sweep job" },
        {
            "sweep plot x-0001 --what histroy",
            "'--what' is 'histroy'; it takes history, parallel, importance, slice, depth; did you mean 'history'?",
            "trainer sweep plot"
        },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task RunAsync_Mistake_OneLineAndExit2(string line, string complaint, string command)
    {
        (int code, string output, string error) = await RunAsync(line.Split(' '));

        Assert.Equal($"trainer: {complaint} See '{command} --help'.\n", error);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
    }

    [Fact]
    public async Task RunAsync_EmptyArgument_OneLineAndExit2()
    {
        (int code, _, string error) = await RunAsync("check", "");

        Assert.Equal("trainer: JOB is empty; it takes a value. See 'trainer check --help'.\n", error);
        Assert.Equal(ExitCode.Usage, code);
    }

    [Fact]
    public async Task RunAsync_Nothing_PrintsHelp()
    {
        (int code, string output, string error) = await RunAsync();

        Assert.Equal(ExitCode.Done, code);
        Assert.Equal((await RunAsync("--help")).Output, output);
        Assert.Empty(error);
    }

    [Fact]
    public async Task RunAsync_Version_IsOneLine()
    {
        (int code, string output, _) = await RunAsync("--version");

        Assert.Equal(ExitCode.Done, code);
        Assert.Matches(@"\A\d+\.\d+\.\d+\n\z", output);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await CommandLine.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
