using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

using Trainer.Data;

namespace Trainer.Preprocessing;

/// <summary>Fitted preprocessing with the schema it was fitted on: all that a model needs to read new rows.</summary>
/// <remarks>
/// Impute, encode, scale, powers and products, all in double; each input is rounded to float32 once, at the end.
/// A number becomes <c>(x - offset) / scale</c>, or 0 where the scale is 0. Targets are never scaled.
/// </remarks>
public sealed class FittedPipeline
{
    private const string What = "fitted preprocessing";

    private readonly PipelineJson _data;
    private readonly ImmutableArray<ColumnEncoder> _encoders;
    private readonly PolynomialTerms _terms;
    private readonly int _encodedWidth;
    private readonly Lazy<ByteScaling?> _bytes;

    internal FittedPipeline(PipelineJson data)
    {
        if (PipelineChecks.Problem(data) is { } reason)
        {
            throw PipelineJson.Malformed(What, reason);
        }

        _data = data;
        Labels = data.Classes.IsEmpty ? null : new ClassLabels(data.Classes);
        _encoders = [.. data.Features.Select((name, index) => Encoder(data, name, index))];
        _encodedWidth = _encoders.Sum(encoder => encoder.Width);
        _terms = Terms(data, _encoders, _encodedWidth);
        _bytes = new Lazy<ByteScaling?>(() => _terms.Count == 0 && _encoders.All(encoder => encoder.IsPlainNumber)
            ? ByteScaling.Create([.. _encoders.Select(encoder => encoder.Scaling)])
            : null);
    }

    /// <summary>Names of the input columns in file order.</summary>
    public ImmutableArray<string> FeatureColumns => _data.Features;

    /// <summary>Names of the target columns.</summary>
    public ImmutableArray<string> TargetColumns => _data.Targets;

    /// <summary>
    /// Class names in class order; empty for a regression. Of two classes the second is the positive one.
    /// </summary>
    public ImmutableArray<string> ClassNames => _data.Classes;

    /// <summary>
    /// Names of the inputs after preprocessing: the column's, <c>column=category</c>, <c>column missing</c>, and the
    /// powers and products at the end.
    /// </summary>
    public ImmutableArray<string> InputNames
    {
        get
        {
            string[] encoded = [.. _encoders.SelectMany(encoder => encoder.InputNames)];
            return [.. encoded, .. _terms.Names(encoded)];
        }
    }

    /// <summary>Features after preprocessing.</summary>
    public int Inputs => _encodedWidth + _terms.Count;

    /// <summary>The pipeline as it stands in JSON.</summary>
    internal PipelineJson Data => _data;

    /// <summary>The classes of the target; null for a regression.</summary>
    internal ClassLabels? Labels { get; }

    /// <summary>Values a row in the targets of a row set.</summary>
    internal int TargetWidth => Labels is null ? _data.Targets.Length : 1;

    /// <summary>How columns of bytes become inputs, where each becomes one; null: they become more or others.</summary>
    internal ByteScaling? OfBytes => _bytes.Value;

    /// <summary>The pipeline as JSON, for model files.</summary>
    public string ToJson() => JsonSerializer.Serialize(_data, PipelineJson.Options);

    /// <summary>The inverse of <see cref="ToJson"/>.</summary>
    /// <exception cref="DataException">The text is not such JSON.</exception>
    public static FittedPipeline FromJson(string json) => new(PipelineJson.Parse<PipelineJson>(json, What));

    /// <summary>Whether a file to be read has to have a header.</summary>
    public bool ReadsHeader => _data.Columns.IsEmpty;

    /// <summary>
    /// Opens a new source to read its rows as they stand there; the order is that of <see cref="Read"/>.
    /// </summary>
    /// <remarks>
    /// A file is read as the training file was: with a header, or without one where the columns were named in the job.
    /// </remarks>
    /// <exception cref="DataException">The source cannot be read.</exception>
    public RowReader Open(DataSource source) => RowSource.Open(source, _data.Columns, optional: _data.Targets);

    /// <summary>Reads a whole new source by column name; other columns are ignored.</summary>
    /// <param name="source">The source.</param>
    /// <param name="withTargets">
    /// Its target columns must be there, and rows without a value in them are left out. Otherwise the result has no
    /// targets and a target width of 0.
    /// </param>
    /// <param name="cancellationToken">Stops between two rows.</param>
    /// <param name="warn">Takes what the user should know, such as categories that training did not have.</param>
    /// <exception cref="DataException">
    /// A column is missing, a value cannot be used, or a class is unknown to the model.
    /// </exception>
    public RowSet Read(
        DataSource source, bool withTargets, CancellationToken cancellationToken, Action<string>? warn = null)
    {
        using RowReader reader = Open(source);
        ColumnSelection columns = ColumnSelection.ByName(reader, _data.Features, withTargets ? _data.Targets : []);
        var parser = new RowParser(reader, columns, Labels);
        int width = withTargets ? TargetWidth : 0;
        int count = 0;
        List<float> features = [];
        List<float> targets = [];
        float[] row = new float[Inputs];
        float[] target = new float[width];
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!parser.HasTargets())
            {
                continue;
            }

            parser.Features(this, row);
            RowBuffer.RequireRoom(source.Name, ++count, Inputs);
            features.AddRange(row);
            if (withTargets)
            {
                parser.Targets(target);
                targets.AddRange(target);
            }
        }

        if (count == 0)
        {
            throw reader.Row == 0 ? reader.NoRows() : TargetScan.NoTargets(reader, columns);
        }

        if (reader.Row > count)
        {
            warn?.Invoke(TargetScan.LeftOut(reader, columns, reader.Row - count));
        }

        if (parser.Warning is { } warning)
        {
            warn?.Invoke(warning);
        }

        return new RowSet(count, Inputs, width, [.. features], [.. targets]);
    }

    /// <summary>Preprocesses the row in hand.</summary>
    /// <param name="reader">Has the row.</param>
    /// <param name="columns">The feature columns in the reader.</param>
    /// <param name="result">Receives the inputs, shape [I].</param>
    /// <param name="unseen">Called with each feature that has a category unknown to the model.</param>
    /// <returns>-1, or the first feature with a result that float32 cannot hold.</returns>
    internal int Transform(RowReader reader, ImmutableArray<int> columns, Span<float> result, Action<int> unseen)
    {
        double[] inputs = ArrayPool<double>.Shared.Rent(Inputs);
        try
        {
            int at = 0;
            for (int i = 0; i < _encoders.Length; i++)
            {
                ColumnEncoder encoder = _encoders[i];
                if (!encoder.Encode(reader, columns[i], inputs.AsSpan(at, encoder.Width)))
                {
                    unseen(i);
                }

                at += encoder.Width;
            }

            _terms.Compute(inputs.AsSpan(0, at), inputs.AsSpan(at, _terms.Count));
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = (float)inputs[i];
                if (!float.IsFinite(result[i]))
                {
                    return FeatureOf(i);
                }
            }

            return -1;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(inputs);
        }
    }

    private static ColumnEncoder Encoder(PipelineJson data, string name, int index)
    {
        (double, double)? scaling =
            data.Numeric == NumericScaling.None ? null : (data.Offsets[index], data.Scales[index]);
        ColumnJson column = data.Encoders.IsDefaultOrEmpty ? new ColumnJson() : data.Encoders[index];
        return new ColumnEncoder(name, column, data.Categorical, scaling);
    }

    private static PolynomialTerms Terms(PipelineJson data, ImmutableArray<ColumnEncoder> encoders, int width)
    {
        ImmutableArray<int>.Builder numeric = ImmutableArray.CreateBuilder<int>();
        int at = 0;
        foreach (ColumnEncoder encoder in encoders)
        {
            if (encoder.IsNumeric)
            {
                numeric.Add(at);
            }

            at += encoder.Width;
        }

        int most = Math.Max(PipelineChecks.MostInputs - width, 0);
        return PolynomialTerms.Create(numeric.ToImmutable(), data.Degree, data.Interactions, most)
            ?? throw new DataException(
                $"preprocess.polynomial of degree {data.Degree} makes more than {PipelineChecks.MostInputs} inputs " +
                $"of {numeric.Count} numeric columns; lower the degree, switch interactions off or exclude columns.");
    }

    private int FeatureOf(int input)
    {
        int encoded = input < _encodedWidth ? input : _terms.FirstInput(input - _encodedWidth);
        int feature = 0;
        for (int end = _encoders[0].Width; encoded >= end; end += _encoders[feature].Width)
        {
            feature++;
        }

        return feature;
    }
}
