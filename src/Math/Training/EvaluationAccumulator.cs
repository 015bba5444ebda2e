using Trainer.Data;
using Trainer.Kernels;
using Trainer.Metrics;
using Trainer.Models;

namespace Trainer.Training;

/// <summary>The sums of one shard's rows, added in row order, in double (numerics A7).</summary>
internal sealed class EvaluationAccumulator
{
    private readonly OutputUnit _unit;
    private readonly int _outputs;
    private readonly RowSet _rows;
    private readonly double[] _targetMean;
    private readonly double[] _targetSquares;
    private readonly double[] _squaredErrors;
    private readonly double[] _absoluteErrors;
    private readonly long[] _confusion;
    private readonly List<float> _positives = [];
    private readonly List<float> _negatives = [];
    private readonly ProbabilityAccumulator? _probabilities;
    private readonly float[] _row;
    private double _lossSum;
    private long _correct;

    /// <summary>Empty sums.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="rows">The shard's rows.</param>
    public EvaluationAccumulator(MlpArchitecture architecture, RowSet rows)
    {
        (_unit, _outputs, _rows) = (architecture.OutputUnit, architecture.Outputs, rows);
        int values = _unit == OutputUnit.Linear ? _outputs : 0;
        int classes = _unit switch { OutputUnit.Sigmoid => 2, OutputUnit.Softmax => _outputs, _ => 0 };
        (_targetMean, _targetSquares) = (new double[values], new double[values]);
        (_squaredErrors, _absoluteErrors) = (new double[values], new double[values]);
        _confusion = new long[checked(classes * classes)];
        _row = new float[_outputs];
        _probabilities = _unit == OutputUnit.Softmax ? new ProbabilityAccumulator() : null;
        if (values > 0)
        {
            SumTargets();
        }
    }

    /// <summary>Adds a row.</summary>
    /// <param name="row">Row of the shard.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="logits">Logits of a block in panels.</param>
    /// <param name="blockRows">Rows of the block.</param>
    /// <param name="blockRow">The row in the block.</param>
    public void Add(int row, float loss, ReadOnlySpan<float> logits, int blockRows, int blockRow)
    {
        _lossSum += loss;
        switch (_unit)
        {
            case OutputUnit.Linear:
                AddErrors(row, logits, blockRows, blockRow);
                break;
            case OutputUnit.Sigmoid:
                float logit = logits[Panels.Index(blockRows, blockRow, 0)];
                int actual = _rows.TargetsOf(row)[0] > 0.5f ? 1 : 0;
                (actual == 1 ? _positives : _negatives).Add(logit);

                // sigmoid(z) >= 1/2 exactly where z >= 0.
                Count(actual, logit >= 0f ? 1 : 0, 2);
                break;
            default:
                CopyRow(logits, blockRows, blockRow);
                int predicted = Largest();
                Count((int)_rows.TargetsOf(row)[0], predicted, _outputs);
                _probabilities!.Add(_row, (int)_rows.TargetsOf(row)[0], predicted);
                break;
        }
    }

    /// <summary>The sums.</summary>
    public EvaluationSums ToSums()
    {
        _positives.Sort();
        _negatives.Sort();
        return new EvaluationSums(
            _rows.Count,
            _lossSum,
            _correct,
            _targetMean,
            _targetSquares,
            _squaredErrors,
            _absoluteErrors,
            [.. _positives],
            [.. _negatives],
            _confusion,
            _probabilities?.ToSums());
    }

    // Two passes in row order: the mean, then the squared distances to it.
    private void SumTargets()
    {
        for (int output = 0; output < _outputs && _rows.Count > 0; output++)
        {
            double sum = 0;
            for (int row = 0; row < _rows.Count; row++)
            {
                sum += _rows.TargetsOf(row)[output];
            }

            double mean = sum / _rows.Count;
            double squares = 0;
            for (int row = 0; row < _rows.Count; row++)
            {
                double distance = _rows.TargetsOf(row)[output] - mean;
                squares += distance * distance;
            }

            (_targetMean[output], _targetSquares[output]) = (mean, squares);
        }
    }

    private void AddErrors(int row, ReadOnlySpan<float> logits, int blockRows, int blockRow)
    {
        for (int output = 0; output < _outputs; output++)
        {
            double error = (double)logits[Panels.Index(blockRows, blockRow, output)]
                - _rows.TargetsOf(row)[output];
            _squaredErrors[output] += error * error;
            _absoluteErrors[output] += Math.Abs(error);
        }
    }

    private void Count(int actual, int predicted, int classes)
    {
        _confusion[(actual * classes) + predicted]++;
        if (actual == predicted)
        {
            _correct++;
        }
    }

    private void CopyRow(ReadOnlySpan<float> logits, int blockRows, int blockRow)
    {
        for (int output = 0; output < _outputs; output++)
        {
            _row[output] = logits[Panels.Index(blockRows, blockRow, output)];
        }
    }

    // The first of equal logits wins.
    private int Largest()
    {
        int best = 0;
        for (int output = 1; output < _outputs; output++)
        {
            best = _row[output] > _row[best] ? output : best;
        }

        return best;
    }
}
