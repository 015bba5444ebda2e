using System.Collections.Immutable;

using Trainer.Errors;
using Trainer.Grains;
using Trainer.Placement;

namespace Trainer.Sweeps;

/// <summary>The silos that run a sweep's trials, and how many run on each.</summary>
/// <remarks>Not safe for threads: lives on its grain's scheduler.</remarks>
internal sealed class TrialHosts(IGrainFactory grains, SweepSubmission submission)
{
    private readonly List<Host> _hosts = [];
    private string _lost = "";

    /// <summary>Compute threads of all silos.</summary>
    public int Threads => _hosts.Sum(host => host.Threads);

    /// <summary>Starts a host on each silo.</summary>
    /// <param name="silos">Names of the silos.</param>
    public async Task StartAsync(ImmutableArray<string> silos)
    {
        Host[] hosts = await Task.WhenAll(silos.Select(async silo =>
        {
            ITrialHostGrain grain = grains.GetGrain<ITrialHostGrain>($"{submission.SweepId}/{silo}");
            int threads = await SiloNamePlacement.OnAsync(silo, () => grain.InitializeAsync(submission));
            return new Host(silo, grain, threads);
        }));
        _hosts.AddRange(hosts);
    }

    /// <summary>The silo for one more trial: the least busy one for its threads.</summary>
    /// <param name="preferred">The silo that holds the trial; null: none.</param>
    /// <exception cref="TrainerException">No silo is left.</exception>
    public string Choose(string? preferred)
    {
        Host host = _hosts.FirstOrDefault(each => each.Silo == preferred)
            ?? _hosts.MinBy(each => (double)each.Running / each.Threads)
            ?? throw new TrainerException(
                $"No silo of the sweep is left; go on with 'trainer sweep resume {submission.SweepId}'. {_lost}");
        return host.Silo;
    }

    /// <summary>Whether a silo is still there.</summary>
    public bool Has(string silo) => _hosts.Exists(host => host.Silo == silo);

    /// <summary>Runs an order on a silo.</summary>
    public async Task<TrialOutcome> RunAsync(string silo, TrialOrder order)
    {
        Host host = Find(silo);
        host.Running++;
        try
        {
            return await host.Grain.RunAsync(order);
        }
        finally
        {
            host.Running--;
        }
    }

    /// <summary>The weights of a trial that a silo holds.</summary>
    public Task<ImmutableArray<Wire.Tensor>> CaptureAsync(string silo, int number) =>
        Find(silo).Grain.CaptureAsync(number);

    /// <summary>Forgets a trial; a silo that does not answer has forgotten it, or ends soon.</summary>
    public async Task DropAsync(string silo, int number)
    {
        if (_hosts.FirstOrDefault(each => each.Silo == silo) is { } host)
        {
            await Task.WhenAny(host.Grain.DropAsync(number));
        }
    }

    /// <summary>A silo has ended, or does not answer.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="error">How that showed.</param>
    public void Lose(string silo, Exception error)
    {
        _hosts.RemoveAll(host => host.Silo == silo);
        _lost = $"The last one, '{silo}': {error.Message.ReplaceLineEndings(" ")}";
    }

    /// <summary>Ends the hosts, those that still answer.</summary>
    public Task ReleaseAsync() => Task.WhenAll(_hosts.Select(host => host.Grain.ReleaseAsync()))
        .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Current);

    private Host Find(string silo) => _hosts.FirstOrDefault(each => each.Silo == silo)
        ?? throw new SiloUnavailableException($"Silo '{silo}' has ended.");

    private sealed class Host(string silo, ITrialHostGrain grain, int threads)
    {
        public string Silo => silo;

        public ITrialHostGrain Grain => grain;

        public int Threads => threads;

        public int Running { get; set; }
    }
}
