using System.Collections.Immutable;

using Orleans.Concurrency;

using Trainer.Wire;

namespace Trainer.Grains;

/// <summary>
/// The trials of one sweep on one silo: whole small trainings, without a message a step, on rows that they share.
/// </summary>
/// <remarks>Key: <c>{sweep}/{silo}</c>.</remarks>
[Alias("trainer.trial-host")]
public interface ITrialHostGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes the sweep's file and data plan; gives up what runs here for an earlier leader of the sweep.
    /// </summary>
    /// <param name="submission">The sweep.</param>
    /// <returns>Compute threads of the silo.</returns>
    [Alias("initialize"), ResponseTimeout("00:05:00")]
    Task<int> InitializeAsync(SweepSubmission submission);

    /// <summary>Starts a trial, or goes on with one that is held, up to an epoch.</summary>
    /// <param name="order">What to do.</param>
    /// <returns>How it went; the trial stays held unless it has ended.</returns>
    [Alias("run"), AlwaysInterleave, ResponseTimeout("100.00:00:00")]
    Task<TrialOutcome> RunAsync(TrialOrder order);

    /// <summary>The weights of a held trial, one tensor a repeat, flat in panel order.</summary>
    /// <param name="number">The trial.</param>
    [Alias("capture"), AlwaysInterleave]
    Task<ImmutableArray<Tensor>> CaptureAsync(int number);

    /// <summary>Forgets a held trial. Idempotent.</summary>
    /// <param name="number">The trial.</param>
    [Alias("drop"), AlwaysInterleave]
    Task DropAsync(int number);

    /// <summary>Stops what runs and ends this grain. Idempotent.</summary>
    [Alias("release"), AlwaysInterleave]
    Task ReleaseAsync();
}

/// <summary>What a host is to do with a trial.</summary>
/// <param name="Number">The trial.</param>
/// <param name="Overrides">What makes its job of the file's: <c>path=value</c> in order.</param>
/// <param name="Epoch">Epochs that it has; 0 starts it.</param>
/// <param name="UntilEpoch">Epochs to have at the end of this call, at most.</param>
/// <param name="Weights">Weights to go on with, one tensor a repeat; empty: its own.</param>
[GenerateSerializer, Immutable, Alias("trainer.trial-order")]
public sealed record TrialOrder(
    [property: Id(0)] int Number,
    [property: Id(1)] ImmutableArray<string> Overrides,
    [property: Id(2)] int Epoch,
    [property: Id(3)] int UntilEpoch,
    [property: Id(4)] ImmutableArray<Tensor> Weights);

/// <summary>How a trial went.</summary>
/// <param name="End">Completed, diverged or failed; null: it is held at the epoch asked for.</param>
/// <param name="Curve">The metric after each epoch of this call, mean over the repeats.</param>
/// <param name="Values">The metric of each repeat, after the last epoch or at the end.</param>
/// <param name="Seconds">Time of this call.</param>
/// <param name="Error">One line when it failed or diverged.</param>
[GenerateSerializer, Immutable, Alias("trainer.trial-outcome")]
public sealed record TrialOutcome(
    [property: Id(0)] Sweeps.TrialState? End,
    [property: Id(1)] ImmutableArray<double> Curve,
    [property: Id(2)] ImmutableArray<double> Values,
    [property: Id(3)] double Seconds,
    [property: Id(4)] string? Error);
