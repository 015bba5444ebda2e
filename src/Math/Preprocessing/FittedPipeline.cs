using System.Collections.Immutable;
using System.Text.Json;

using Trainer.Data;

namespace Trainer.Preprocessing;

/// <summary>Fitted preprocessing with the schema it was fitted on: all that a model needs to read new rows.</summary>
/// <remarks>
/// A feature becomes <c>float32((x - offset) / scale)</c>, computed in double, or 0 where the scale is 0. Targets are
/// never scaled.
/// </remarks>
public sealed class FittedPipeline
{
    private const string What = "fitted preprocessing";

    private readonly PipelineJson _data;

    internal FittedPipeline(PipelineJson data)
    {
        Check(data);
        _data = data;
        Labels = data.Classes.IsEmpty ? null : new ClassLabels(data.Classes);
    }

    /// <summary>Names of the input columns in file order.</summary>
    public ImmutableArray<string> FeatureColumns => _data.Features;

    /// <summary>Names of the target columns.</summary>
    public ImmutableArray<string> TargetColumns => _data.Targets;

    /// <summary>
    /// Class names in class order; empty for a regression. Of two classes the second is the positive one.
    /// </summary>
    public ImmutableArray<string> ClassNames => _data.Classes;

    /// <summary>Features after preprocessing.</summary>
    public int Inputs => _data.Features.Length;

    /// <summary>The pipeline as it stands in JSON.</summary>
    internal PipelineJson Data => _data;

    /// <summary>The classes of the target; null for a regression.</summary>
    internal ClassLabels? Labels { get; }

    /// <summary>Values a row in the targets of a row set.</summary>
    internal int TargetWidth => Labels is null ? _data.Targets.Length : 1;

    /// <summary>The pipeline as JSON, for model files.</summary>
    public string ToJson() => JsonSerializer.Serialize(_data, PipelineJson.Options);

    /// <summary>The inverse of <see cref="ToJson"/>.</summary>
    /// <exception cref="DataException">The text is not such JSON.</exception>
    public static FittedPipeline FromJson(string json) => new(PipelineJson.Parse<PipelineJson>(json, What));

    /// <summary>
    /// Opens a new source to read its rows as they stand there; the order is that of <see cref="Read"/>.
    /// </summary>
    /// <remarks>
    /// A file is read as the training file was: with a header, or without one where the columns were named in the job.
    /// </remarks>
    /// <exception cref="DataException">The source cannot be read.</exception>
    public CsvReader Open(DataSource source) => CsvReader.Open(source, _data.Columns, optional: _data.Targets);

    /// <summary>Reads a whole new source by column name; other columns are ignored.</summary>
    /// <param name="source">The source.</param>
    /// <param name="withTargets">
    /// Its target columns must be there. Otherwise the result has no targets and a target width of 0.
    /// </param>
    /// <exception cref="DataException">
    /// A column is missing, a value cannot be used, or a class is unknown to the model.
    /// </exception>
    public RowSet Read(DataSource source, bool withTargets, CancellationToken cancellationToken)
    {
        using CsvReader reader = Open(source);
        ColumnSelection columns = ColumnSelection.ByName(reader, _data.Features, withTargets ? _data.Targets : []);
        var parser = new RowParser(reader, columns, Labels);
        int width = withTargets ? TargetWidth : 0;
        List<float> features = [];
        List<float> targets = [];
        float[] row = new float[Inputs];
        float[] target = new float[width];
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            parser.Features(this, row);
            RowBuffer.RequireRoom(source.Name, reader.Row, Inputs);
            features.AddRange(row);
            if (withTargets)
            {
                parser.Targets(target);
                targets.AddRange(target);
            }
        }

        return reader.Row > 0
            ? new RowSet(reader.Row, Inputs, width, [.. features], [.. targets])
            : throw reader.NoRows();
    }

    /// <summary>Scales one row.</summary>
    /// <param name="row">Features as they stand in the file, shape [I].</param>
    /// <param name="result">Receives the scaled features, shape [I].</param>
    /// <returns>-1, or the first feature whose result float32 cannot hold.</returns>
    internal int Transform(ReadOnlySpan<double> row, Span<float> result)
    {
        bool scaled = _data.Numeric != NumericScaling.None;
        for (int i = 0; i < row.Length; i++)
        {
            result[i] = !scaled ? (float)row[i]
                : _data.Scales[i] == 0 ? 0
                : (float)((row[i] - _data.Offsets[i]) / _data.Scales[i]);
            if (!float.IsFinite(result[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static void Check(PipelineJson data)
    {
        if (Problem(data) is { } reason)
        {
            throw PipelineJson.Malformed(What, reason);
        }
    }

    private static bool IsMissing(ImmutableArray<string> names) => names.IsDefault || names.Contains(null!);

    private static string? Problem(PipelineJson data)
    {
        ImmutableArray<string>[] names = [data.Features, data.Targets, data.Classes, data.Columns];
        if (data.Offsets.IsDefault || data.Scales.IsDefault || names.Any(IsMissing))
        {
            return "a list is null";
        }

        if (names.Any(list => list.Distinct().Count() != list.Length))
        {
            return "a name stands twice";
        }

        if (data.Features.IsEmpty || data.Targets.IsEmpty)
        {
            return "it has no features or no targets";
        }

        if (data.Classes.Length == 1 || (!data.Classes.IsEmpty && data.Targets.Length > 1))
        {
            return "its classes do not fit its targets";
        }

        int scales = data.Numeric == NumericScaling.None ? 0 : data.Features.Length;
        if (data.Offsets.Length != scales || data.Scales.Length != scales)
        {
            return $"it needs {scales} offsets and scales";
        }

        return data.Offsets.All(double.IsFinite) && data.Scales.All(scale => double.IsFinite(scale) && scale >= 0)
            ? null
            : "an offset or scale is not a number";
    }
}
