using Xunit;

namespace Trainer;

/// <summary>What one run of the <c>trainer</c> executable did.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public string Everything => $"exit {ExitCode}\n--- standard output\n{Output}\n--- standard error\n{Error}";

    /// <summary>Standard error without the lines that a slow machine gets to see while a file is read.</summary>
    public string Complaint => string.Concat(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => !line.StartsWith("planning ", StringComparison.Ordinal))
        .Select(line => $"{line}\n"));

    /// <summary>Its input was refused: exit code 2, and one line that names these.</summary>
    public void AssertRefused(string what, IEnumerable<string> named)
    {
        Assert.True(ExitCode == Trainer.ExitCode.Usage, $"{what}: {Everything}");
        Assert.Empty(Output);
        Assert.StartsWith("trainer: ", Complaint);
        Assert.Single(Complaint, character => character == '\n');
        Assert.DoesNotContain("   at ", Complaint);
        Assert.DoesNotContain("unexpected", Complaint);
        Assert.DoesNotContain(Complaint, character => char.IsControl(character) && character != '\n');
        Assert.All(named, name => Assert.Contains(name, Complaint));
    }
}
