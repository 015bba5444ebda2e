using Xunit;

namespace Trainer;

/// <summary>What one run of the <c>trainer</c> executable did.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public string Everything => $"exit {ExitCode}\n--- standard output\n{Output}\n--- standard error\n{Error}";

    /// <summary>Its input was refused: exit code 2, and one line that names these.</summary>
    public void AssertRefused(string what, IEnumerable<string> named)
    {
        Assert.True(ExitCode == Trainer.ExitCode.Usage, $"{what}: {Everything}");
        Assert.Empty(Output);
        Assert.StartsWith("trainer: ", Error);
        Assert.Single(Error, character => character == '\n');
        Assert.DoesNotContain("   at ", Error);
        Assert.DoesNotContain("unexpected", Error);
        Assert.DoesNotContain(Error, character => char.IsControl(character) && character != '\n');
        Assert.All(named, name => Assert.Contains(name, Error));
    }
}
