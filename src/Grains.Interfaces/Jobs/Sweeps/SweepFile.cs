using System.Globalization;
using System.Text.Json.Nodes;

using Trainer.Errors;
using Trainer.Jobs.Documents;
using Trainer.Jobs.Schema;
using Trainer.Metrics;
using Trainer.Sweeps;
using Trainer.Sweeps.Spaces;

namespace Trainer.Jobs;

/// <summary>
/// A sweep file: a job file and a section <c>sweep</c>. Makes the job of each trial; the same text makes the same jobs
/// on every machine.
/// </summary>
public sealed class SweepFile
{
    private const string SweepKey = "sweep";

    private readonly SweepText _text;
    private readonly MapNode _root;
    private readonly SourceNode _space;

    private SweepFile(
        SweepText text, MapNode root, SourceNode spaceNode, JobSpec job, SweepSpec sweep, SearchSpace space)
    {
        (_text, _root, _space) = (text, root, spaceNode);
        (Job, Sweep, Space) = (job, sweep, space);
    }

    /// <summary>The job that trials vary.</summary>
    public JobSpec Job { get; }

    /// <summary>The section <c>sweep</c>.</summary>
    public SweepSpec Sweep { get; }

    /// <summary>What is searched.</summary>
    public SearchSpace Space { get; }

    /// <summary>Which values of the metric are better.</summary>
    public Goal Goal => Sweep.Goal
        ?? (MetricNames.Grows(Sweep.Metric[(Sweep.Metric.IndexOf('.', StringComparison.Ordinal) + 1)..])
            ? Goal.Maximize
            : Goal.Minimize);

    /// <summary>Seed of sampler and scheduler.</summary>
    public ulong Seed => (ulong)(Sweep.Seed ?? Job.Seed);

    /// <summary>Name of the sampler in a sweep file.</summary>
    public string SamplerName => SweepSchema.Sampler.NameOf(Sweep.Sampler);

    /// <summary>Name of the trial scheduler in a sweep file.</summary>
    public string SchedulerName => SweepSchema.Scheduler.NameOf(Sweep.Scheduler);

    /// <summary>What the file was read from.</summary>
    public SweepText Text => _text;

    /// <summary>Reads a file from disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides"><c>path=value</c> in order; paths may start with <c>sweep.</c>.</param>
    /// <param name="environment">Environment variables; those that start with <c>TRAINER__</c> count.</param>
    /// <exception cref="ConfigurationException">Something is wrong with any of them.</exception>
    public static SweepFile Load(
        string path, IReadOnlyList<string> overrides, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(overrides);
        ArgumentNullException.ThrowIfNull(environment);
        return Parse(new SweepText(
            JobText.Read(path), path, [.. overrides], JobFile.Relevant(environment)));
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text with all that overrides it.</param>
    /// <exception cref="ConfigurationException">Something is wrong with any of them.</exception>
    public static SweepFile Parse(SweepText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        MapNode root = JobFile.ReadMap(text.Content, text.Name);
        Overrides.ApplyEnvironment(root, text.Environment);
        Overrides.ApplySets(root, text.Overrides);
        if (!root.Entries.TryGetValue(SweepKey, out MapEntry? entry) || entry.Value is not MapNode section)
        {
            throw Problem.At(
                entry?.Place ?? root.Place,
                $"'{SweepKey}' is {entry?.Value.Display ?? "missing"}; a sweep file needs a section with a space, "
                + "for example 'sweep: {space: {optimizer.learning_rate: {log_uniform: [1e-4, 1e-1]}}}'.");
        }

        SweepSpec sweep = SweepSchema.Root.Read(section, SweepKey, except: SweepSchema.Space);
        SearchSpace space = SpaceReader.Read(section);
        root.Entries.Remove(SweepKey);
        SourceNode spaceNode = section.Entries[SweepSchema.Space].Value;
        JobSpec job = Named(JobFile.Bind(root.Copy()), root, text.Name);
        var file = new SweepFile(text, root, spaceNode, job, sweep, space);
        file.RequireJob();
        file.RequireMethods();
        file.CheckSpace();
        return file;
    }

    /// <summary>What makes a trial's job of the file's: <c>path=value</c> in order.</summary>
    /// <param name="parameters">A point of the space.</param>
    public IReadOnlyList<string> SetsOf(ParameterSet parameters) =>
        [.. Space.Format(parameters).Select(pair => $"{pair.Key}={pair.Value}")];

    /// <summary>The same for one of the trial's repeats: the job's seed plus the number of the repeat.</summary>
    /// <param name="overrides">What <see cref="SetsOf"/> gave.</param>
    /// <param name="repeat">The repeat, from 0; that one has the trial's own seed.</param>
    public IReadOnlyList<string> WithSeed(IReadOnlyList<string> overrides, int repeat)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        return repeat == 0
            ? overrides
            : [.. overrides, string.Create(CultureInfo.InvariantCulture, $"seed={JobOf(overrides).Seed + repeat}")];
    }

    /// <summary>The job of a trial.</summary>
    /// <param name="overrides">What <see cref="SetsOf"/> gave.</param>
    /// <exception cref="ConfigurationException">The values do not fit together.</exception>
    public JobSpec JobOf(IReadOnlyList<string> overrides)
    {
        MapNode root = _root.Copy();
        Overrides.ApplySets(root, overrides);
        return Named(JobFile.Bind(root), root, _text.Name);
    }

    /// <summary>What a sweep file may hold, as JSON Schema (draft 2020-12).</summary>
    public static string JsonSchema()
    {
        JsonObject sweep = SweepSchema.Root.Describe();
        sweep["properties"]!.AsObject()[SweepSchema.Space] = SpaceReader.Describe();
        sweep["required"] = new JsonArray(SweepSchema.Space);
        return JobFile.JsonSchema("Trainer sweep file", SweepKey, sweep);
    }

    /// <summary>The file as YAML with every key of job and sweep; the space as it was written.</summary>
    /// <param name="job">The job to write: <see cref="Job"/>, perhaps with absolute paths.</param>
    public string ToYaml(JobSpec job)
    {
        JsonObject root = JobSchema.Root.Write(job);
        JsonObject sweep = SweepSchema.Root.Write(Sweep);
        sweep[SweepSchema.Space] = ParameterText.ToJson(_space);
        root[SweepKey] = sweep;
        return YamlWriter.Write(root);
    }

    /// <summary>Whether a trial is spread over several workers, and so is a job of its own.</summary>
    /// <param name="job">The trial's job.</param>
    public static bool RunsAsJobs(JobSpec job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Distributed.Workers > 1;
    }

    private static JobSpec Named(JobSpec job, MapNode root, string name) =>
        root.Entries.ContainsKey("name") ? job : job with { Name = JobText.NameOf(name) };

    private void RequireJob()
    {
        if (Job.EarlyStopping is not null && Sweep.Scheduler is PbtSpec)
        {
            throw new ConfigurationException(
                $"{_text.Name}: 'sweep.scheduler' is pbt, whose trials give weights to each other; set "
                + "'early_stopping' to null.");
        }

        bool spreads = Job.Distributed.Workers > 1 || Space.IndexOf("distributed.workers") >= 0;
        if (spreads && Sweep.Scheduler is not NoSchedulerSpec)
        {
            throw new ConfigurationException(
                $"{_text.Name}: 'distributed.workers' spreads a trial over several workers, which runs to its end; set "
                + "'sweep.scheduler' to none, or 'distributed.workers' to 1.");
        }
    }

    private void RequireMethods()
    {
        if (Sweep.Scheduler is HalvingSpec halving && halving.MinEpochs > Job.Training.Epochs)
        {
            throw new ConfigurationException(
                $"{_text.Name}: 'sweep.scheduler.min_epochs' is {halving.MinEpochs}, but a trial has "
                + $"{Job.Training.Epochs} epochs; set it to at most that, or 'training.epochs' to more.");
        }

        try
        {
            SweepMethods.Sampler(this, Sweep.Trials);
        }
        catch (SearchSpaceException error)
        {
            throw new ConfigurationException($"{_text.Name}: 'sweep.sampler' is {SamplerName}: {error.Message}");
        }
    }

    // Ends and inside of every range and every choice are tried once, so that no trial fails on what could be known
    // before.
    private void CheckSpace()
    {
        foreach (Dimension dimension in Space.Dimensions)
        {
            int at = Space.IndexOf(dimension.Path);
            foreach (double value in Samples(dimension))
            {
                double[] unit = new double[Space.Dimensions.Count];
                Array.Fill(unit, 0.5);
                Activate(dimension, unit);
                unit[at] = dimension.Encode(value);
                CheckPoint(dimension, SetsOf(Space.Decode(unit)));
            }
        }
    }

    private static IEnumerable<double> Samples(Dimension dimension) => dimension.Labels.Count > 0
        ? Enumerable.Range(0, dimension.Labels.Count).Select(i => (double)i)
        : [dimension.Low, dimension.Decode(0.382), dimension.High];

    // Gives those that a dimension depends on values with which it exists.
    private void Activate(Dimension dimension, double[] unit)
    {
        foreach (Condition condition in dimension.When)
        {
            int parent = Space.IndexOf(condition.Path);
            unit[parent] = Space.Dimensions[parent].Encode(condition.Values[0]);
            Activate(Space.Dimensions[parent], unit);
        }
    }

    private void CheckPoint(Dimension dimension, IReadOnlyList<string> sets)
    {
        try
        {
            JobOf(sets);
        }
        catch (ConfigurationException error)
        {
            // Nobody typed the trial's --set.
            string reason = sets
                .Select(set => $"--set '{Problem.Quote(set)}': ")
                .Where(source => error.Message.StartsWith(source, StringComparison.Ordinal))
                .Aggregate(error.Message, (message, source) => message[source.Length..]);
            throw new ConfigurationException(
                $"{_text.Name}: 'sweep.space.{dimension.Path}' has a value that the job cannot have: {reason}");
        }
    }
}
