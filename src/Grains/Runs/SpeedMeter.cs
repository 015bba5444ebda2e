using Trainer.Checkpoints;

namespace Trainer.Runs;

/// <summary>Training rows over the time in training steps.</summary>
internal sealed class SpeedMeter
{
    private TimeSpan _time;

    /// <summary>Seconds that count.</summary>
    public double Seconds => _time.TotalSeconds;

    /// <summary>Rows in that time.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows a second.</summary>
    public double RowsPerSecond => Rows / Seconds;

    /// <summary>Goes on from a checkpoint.</summary>
    public void GoOn(TrainingPosition position) =>
        (_time, Rows) = (TimeSpan.FromSeconds(position.MeasuredSeconds), position.MeasuredRows);

    /// <summary>An epoch has ended. The first one compiles code, so it counts only while it is the only one.</summary>
    public void Measured(EpochSums epoch)
    {
        if (epoch.Epoch == 1)
        {
            (_time, Rows) = (TimeSpan.Zero, 0);
        }

        _time += epoch.Elapsed;
        Rows += epoch.Rows;
    }
}
