using Trainer.Errors;

using Xunit;

namespace Trainer.Jobs;

public sealed class GeneratorKeyTests
{
    [Theory]
    [InlineData("{generator: spiral, rows: 50, noise: 0.1, seed: 3}", "spiral, rows: 50, noise: 0.1, seed: 3")]
    [InlineData("{generator: xor}", "xor, rows: 500, noise: 0, seed: 1")]
    public void Parse_Generator_IsItsDescriptionAndComesBack(string source, string expected)
    {
        JobSpec job = JobFile.Parse($"data:\n  source: {source}", "job.yaml");

        Assert.Equal($"{{generator: {expected}}}", job.Data.Source);
        Assert.Equal(job.Data.Source, JobFile.Parse(JobFile.ToYaml(job), "again.yaml").Data.Source);
        Assert.Contains("generator: ", JobFile.ToYaml(job), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{generator: moon}", "'data.source.generator' is \"moon\"; it must be circle, xor, gauss, spiral")]
    [InlineData("{generator: xor, rows: 0}", "'data.source.rows' is 0; it must be a whole number from 1 to 100000000.")]
    [InlineData("{generator: xor, noise: .nan}", "'data.source.noise' is .nan; it must be ")]
    [InlineData("{generator: xor, seed: -1}", "'data.source.seed' is -1; it must be a whole number of at least 0.")]
    [InlineData("{generator: xor, row: 5}", "unknown key 'data.source.row'; did you mean 'rows'?")]
    [InlineData("{rows: 5}", "'data.source.generator' is missing; it must be circle, xor, gauss, spiral")]
    public void Parse_GeneratorThatCannotBe_SaysWhy(string source, string message)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => JobFile.Parse($"data:\n  source: {source}", "job.yaml"));

        Assert.StartsWith($"job.yaml:2: {message}", error.Message, StringComparison.Ordinal);
    }
}
