using Trainer.Data;
using Trainer.Grains;

using Xunit;

namespace Trainer.Jobs;

public sealed class SubmissionFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("trainer-submission-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TryRead_WhatWasWritten_LeadsTheSameJob()
    {
        string path = Path.Combine(_folder, "job.yaml");
        File.WriteAllText(path, "version: 1\ndata: {source: digits}\noptimizer: {name: sgd, learning_rate: 0.1}\n");
        JobSpec spec = JobFile.Load(path, [], new Dictionary<string, string>());
        DataPlan data = DataPlan.Create(JobPlan.Request(spec, _folder), CancellationToken.None);
        JobSpec job = JobPlan.Create(spec, data).Job;
        Directory.CreateDirectory(RunFiles.Checkpoints(_folder));
        var submission = new JobSubmission(
            "digits-0001", job, data.ToJson(), _folder, "{}", 3, "00-trace", new RegisteredFile("/w", 7, "abc"))
        {
            FoldPlans = ["one", "two"],
        };

        SubmissionFile.Write(submission);

        JobSubmission read = SubmissionFile.TryRead(_folder)!;
        JobSpec again = JobPlan.Create(read.Job, DataPlan.FromJson(read.DataPlan)).Job;
        Assert.Equal(JobFile.ToJson(job), JobFile.ToJson(again));
        Assert.Equal(submission.FoldPlans, read.FoldPlans);
        Assert.Equal(
            submission with { Job = read.Job, FoldPlans = [] }, read with { FoldPlans = [] });
    }

    [Fact]
    public void TryRead_NoneOrTorn_IsNull()
    {
        Assert.Null(SubmissionFile.TryRead(_folder));
        Directory.CreateDirectory(RunFiles.Checkpoints(_folder));
        File.WriteAllText(RunFiles.Submission(_folder), "{\"id\": \"digits");

        Assert.Null(SubmissionFile.TryRead(_folder));
    }
}
