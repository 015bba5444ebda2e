using System.Security.Cryptography;
using System.Text;

using Trainer.Backends;
using Trainer.Data;
using Trainer.Jobs;

namespace Trainer.Datasets;

/// <summary>
/// The data of a sweep's trials on one silo: each variant of split and preprocessing is planned once, and the rows of
/// equal ones are shared.
/// </summary>
/// <param name="file">The sweep.</param>
/// <param name="basePlan">The data plan of the file's own job, with registered sources.</param>
/// <param name="part">The part that is evaluated.</param>
internal sealed class TrialDataCache(
    SweepFile file, DataPlan basePlan, DataPart part, DatasetCache rows, ComputePool pool) : IDisposable
{
    // Seeds and preprocessing rarely have more variants; older ones are planned again when they come back.
    private const int Most = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<TrialData>> _data = [];
    private readonly Queue<string> _order = [];

    /// <summary>The job of a trial, and its data.</summary>
    /// <param name="overrides">What makes the trial's job.</param>
    /// <exception cref="Errors.ConfigurationException">The values do not fit together.</exception>
    /// <exception cref="DataException">The data cannot be used so.</exception>
    public async Task<(JobPlan Plan, TrialData Data)> FindAsync(IReadOnlyList<string> overrides)
    {
        JobSpec job = file.JobOf(overrides);
        DataRequest request = JobPlan.Request(job, basePlan.Request.Source, basePlan.Request.TestSource);
        TrialData data = await FindAsync(request);
        return (JobPlan.Create(job, data.Plan), data);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (Task<TrialData> data in _data.Values)
            {
                Release(data);
            }

            _data.Clear();
        }
    }

    private async Task<TrialData> FindAsync(DataRequest request)
    {
        string key = KeyOf(request);
        Task<TrialData>? found;
        lock (_gate)
        {
            if (!_data.TryGetValue(key, out found))
            {
                found = LoadAsync(request, isBase: key == KeyOf(basePlan.Request));
                _data.Add(key, found);
                _order.Enqueue(key);
                Trim();
            }
        }

        try
        {
            return await found;
        }
        catch
        {
            lock (_gate)
            {
                _data.Remove(key);
            }

            throw;
        }
    }

    private async Task<TrialData> LoadAsync(DataRequest request, bool isBase)
    {
        DataPlan plan = isBase ? basePlan : await pool.RunAsync(() => DataPlan.Create(request, CancellationToken.None));
        var all = new Dictionary<DataPart, int[]?> { [DataPart.Train] = null, [part] = null };
        if (plan.Rows(DataPart.Validation) > 0)
        {
            all[DataPart.Validation] = null;
        }

        return new TrialData(plan, await rows.LeaseAsync(plan, plan.ToJson(), all));
    }

    // The memory of a variant lives on in the trials that still use it.
    private void Trim()
    {
        while (_data.Count > Most && _order.TryDequeue(out string? oldest))
        {
            if (_data.Remove(oldest, out Task<TrialData>? data))
            {
                Release(data);
            }
        }
    }

    // What is still read is released as soon as it is there.
    private static void Release(Task<TrialData> data) => data.ContinueWith(
        read => read.Result.Dispose(),
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private static string KeyOf(DataRequest request) => Convert.ToHexString(
        SHA256.HashData(Encoding.UTF8.GetBytes(System.Text.Json.JsonSerializer.Serialize(request))));
}
