using System.Collections.Immutable;

using Trainer.Errors;

using Xunit;

namespace Trainer.Jobs;

public sealed class SweepFileErrorsTests
{
    private const string Rate = "space: {optimizer.learning_rate: {log_uniform: [1e-4, 1e-1]}}";

    // What stands in the section 'sweep', and what the line must say: the key is always in it.
    public static TheoryData<string, string> Mistakes => new()
    {
        { "trials: 3", "'sweep.space' is missing" },
        { "space: {}", "'sweep.space' is empty" },
        { "space: [a]", "'sweep.space' is a list" },
        {
            "space: {optimizer.learning_rat: {uniform: [0, 1]}}",
            "'sweep.space.optimizer.learning_rat' is no key of the job file; did you mean 'optimizer.learning_rate'?"
        },
        {
            "space: {optimizer.learning_rate: {log_unifrom: [1e-4, 1e-1]}}",
            "'sweep.space.optimizer.learning_rate' has 'log_unifrom'; did you mean 'log_uniform'?"
        },
        { "space: {optimizer.learning_rate: 0.1}", "'sweep.space.optimizer.learning_rate' is 0.1" },
        {
            "space: {optimizer.learning_rate: {log_uniform: [0, 1]}}",
            "'optimizer.learning_rate' starts at 0; a logarithmic range must be above 0."
        },
        {
            "space: {optimizer.learning_rate: {uniform: [0.2, 0.1]}}",
            "'optimizer.learning_rate' is [0.2, 0.1]; the first must be smaller than the second."
        },
        {
            "space: {optimizer.learning_rate: {uniform: [0.1, 0.2, 0.3]}}",
            "'sweep.space.optimizer.learning_rate.uniform' has 3 numbers"
        },
        { "space: {model.activation: {choice: []}}", "'sweep.space.model.activation.choice' is an empty list" },
        { "space: {model.activation: {choice: [relu, relu]}}", "'model.activation' has the choice relu twice" },
        { "space: {model.activation: {choice: [relu, swish]}}", "'sweep.space.model.activation' has a value that" },
        { "space: {training.batch_size: {int: [16, 64], stepp: 2}}", "'sweep.space.training.batch_size.stepp'" },
        {
            "space: {training.batch_size: {uniform: [16, 64]}}",
            "'sweep.space.training.batch_size' has a value that the job cannot have: 'training.batch_size' is 34."
        },
        {
            "space: {optimizer.name: {choice: [adam, sgd]}, "
                + "optimizer.momentum: {uniform: [0, 1.5], when: {optimizer.name: sgd}}}",
            "'sweep.space.optimizer.momentum' has a value that the job cannot have: 'optimizer.momentum' is 1.5"
        },
        {
            "space: {optimizer.momentum: {uniform: [0, 0.9]}}",
            "'sweep.space.optimizer.momentum' has a value that the job cannot have: 'optimizer.momentum' is a key"
        },
        {
            "space: {optimizer.momentum: {uniform: [0, 0.9], when: {optimizer.nam: sgd}}}",
            "'sweep.space.optimizer.momentum.when' names 'optimizer.nam', which is not in the space; search it too"
        },
        {
            "space: {optimizer.name: {choice: [adam, sgd]}, "
                + "optimizer.momentum: {uniform: [0, 0.9], when: {optimizer.name: sdg}}}",
            "'sweep.space.optimizer.momentum.when' is sdg, which is no choice of 'optimizer.name'"
        },
        { "space: {data.source: {choice: [heart, digits]}}", "'sweep.space.data.source' cannot be searched" },
        { "space: {model.hidden: {layers: {int: [1, 3]}}}", "'sweep.space.model.hidden.width' is missing" },
        {
            "space: {model.hidden: {layers: {choice: [1, 2]}, width: {choice: [8]}}}",
            "'model.hidden.layers' must be an int or log_int range"
        },
        { $"trails: 3, {Rate}", "unknown key 'sweep.trails'; did you mean 'trials'?" },
        { $"trials: 0, {Rate}", "'sweep.trials' is 0" },
        { $"sampler: tpee, {Rate}", "'sweep.sampler' is \"tpee\"" },
        { $"sampler: {{name: random, gamma: 0.2}}, {Rate}", "'sweep.sampler.gamma' is a key of tpe" },
        { $"scheduler: {{name: asha, eta: 1}}, {Rate}", "'sweep.scheduler.eta' is 1" },
        { $"scheduler: {{name: asha, min_epochs: 1000000}}, {Rate}", "'sweep.scheduler.min_epochs' is 1000000" },
        { $"sampler: {{name: cmaes, population: 3}}, {Rate}", "'sweep.sampler.population' is 3" },
        {
            "sampler: sobol, space: {model.hidden: {layers: {int: [1, 64]}, width: {int: [1, 9]}}}",
            "'sweep.sampler' is sobol: The search space has 65 dimensions; sobol has at most 64"
        },
        { $"metric: validation.acuracy, {Rate}", "'sweep.metric' is \"validation.acuracy\"" },
        { $"goal: maximise, {Rate}", "'sweep.goal' is \"maximise\"" },
        { $"budget: {{hours: 1}}, {Rate}", "unknown key 'sweep.budget.hours'" },
        { $"repeats: 0, {Rate}", "'sweep.repeats' is 0" },
        { $"scheduler: pbt, {Rate}", "'sweep.scheduler' is pbt" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Parse_MalformedSweep_OneLineThatNamesTheKey(string section, string expected)
    {
        string message = MessageOf($"data: {{source: heart}}\nearly_stopping: {{patience: 3}}\nsweep: {{{section}}}");

        Assert.StartsWith("sweep.yaml", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("data: {source: heart}", "'sweep' is missing; a sweep file needs a section with a space")]
    [InlineData("data: {source: heart}\nsweep: 3", "'sweep' is 3; a sweep file needs a section with a space")]
    [InlineData("sweep: {space: {training.epochs: {int: [1, 2]}}}", "'data' is missing")]
    public void Parse_NoSweepFile_SaysWhatIsMissing(string content, string expected) =>
        Assert.Contains(expected, MessageOf(content), StringComparison.Ordinal);

    private static string MessageOf(string content) => Assert.Throws<ConfigurationException>(
        () => SweepFile.Parse(
            new SweepText(content, "sweep.yaml", [], ImmutableDictionary<string, string>.Empty))).Message;
}
