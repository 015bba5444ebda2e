using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

using Trainer.Models;
using Trainer.Preprocessing;

namespace Trainer.Data;

/// <summary>
/// The request with what was learned from the data: schema, classes, row counts, fitted preprocessing. Computed once a
/// job by the client and sent with the job as JSON.
/// </summary>
public sealed class DataPlan
{
    private const string What = "data plan";
    private const double FractionRounding = 1e-9;

    private readonly PlanJson _data;
    private readonly DatasetSplit _split;

    private DataPlan(PlanJson data, FittedPipeline pipeline)
    {
        (_data, Pipeline) = (data, pipeline);
        _split = Split(data.Request, data.Strata);
    }

    /// <summary>The request.</summary>
    public DataRequest Request => _data.Request;

    /// <summary>The fitted preprocessing, which also applies to new files.</summary>
    public FittedPipeline Pipeline { get; }

    /// <summary>Features after preprocessing.</summary>
    public int Inputs => Pipeline.Inputs;

    /// <summary>Logits: targets of a regression, 1 for two classes with a sigmoid unit, else classes.</summary>
    public int Outputs => OutputUnit switch
    {
        OutputUnit.Linear => Pipeline.TargetColumns.Length,
        OutputUnit.Sigmoid => 1,
        _ => Pipeline.ClassNames.Length,
    };

    /// <summary>The output unit that the target asks for (or the one requested).</summary>
    public OutputUnit OutputUnit => _data.OutputUnit;

    /// <summary>What the user should know about the data, one line each.</summary>
    public IReadOnlyList<string> Warnings => _data.Warnings;

    /// <summary>Training rows of each class; empty for a regression.</summary>
    public ImmutableArray<int> TrainClassRows => _data.TrainClassRows;

    /// <summary>Rows of a part.</summary>
    public int Rows(DataPart part) =>
        part == DataPart.Test && Request.TestSource is not null ? _data.TestRows : _split.Rows(part);

    /// <summary>Reads the source, splits it, fits the preprocessing on the training rows.</summary>
    /// <remarks>
    /// Two passes, neither of which keeps rows: the first reads the targets, which decide classes and split; the second
    /// the features.
    /// </remarks>
    /// <param name="request">What to read, and how.</param>
    /// <param name="cancellationToken">Stops between two rows.</param>
    /// <param name="progress">Is told of both passes.</param>
    /// <exception cref="DataException">
    /// The file is malformed or does not fit the request. The message names file, row, column, reason.
    /// </exception>
    public static DataPlan Create(
        DataRequest request, CancellationToken cancellationToken, ReadProgress? progress = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        request = Checked(request);
        List<string> warnings = [];
        ColumnSelection columns;
        ImmutableArray<bool> isText;
        ColumnScan? scan;
        TargetScan target;
        using (RowReader reader = RowSource.Open(request))
        {
            progress?.Begin(reader, total: 0);
            columns = ColumnSelection.Choose(reader, request);
            scan = reader.IsNumeric ? null : new ColumnScan(reader, columns.Features);
            target = TargetScan.Read(reader, columns, request.Output, scan, cancellationToken);
            isText = scan?.Finish(warnings) ?? [.. columns.Features.Select(_ => false)];
            if (target.WithoutTarget > 0)
            {
                warnings.Insert(0, TargetScan.LeftOut(reader, columns, target.WithoutTarget));
            }
        }

        ImmutableArray<int> strata = request.Stratify ? target.ClassRows : [target.ClassRows.Sum()];
        CheckFold(request, strata.Sum(), target.WithoutTarget);
        DatasetSplit split = Split(request, strata);
        CheckTrain(request, split, strata.Sum());

        using RowReader rows = RowSource.Open(request);
        progress?.Begin(rows, strata.Sum() + target.WithoutTarget);
        ColumnFit[] fits =
        [
            .. columns.Features.Select((column, index) =>
                new ColumnFit(rows, column, isText[index], scan?.Missing(index) > 0)),
        ];
        int[] classRows = new int[target.ClassNames.Length];
        Fit(request, rows, columns, target, split, fits, classRows, cancellationToken);
        var pipeline = new FittedPipeline(PipelineOf(request, rows, columns, target, fits, warnings));
        if (pipeline.Inputs == 0)
        {
            throw new DataException(
                $"The feature columns of '{request.Source.Name}' have no values in the training rows; choose others.");
        }

        int testRows = request.TestSource is null ? 0 : TestFile.Check(request, pipeline, warnings, cancellationToken);
        return new DataPlan(
            new PlanJson(
                request, target.OutputUnit, strata, pipeline.Data, [.. warnings], [.. classRows], testRows),
            pipeline);
    }

    /// <summary>The plan as JSON: compact, and the same text for the same plan.</summary>
    public string ToJson() => JsonSerializer.Serialize(_data, PipelineJson.Options);

    /// <summary>
    /// SHA-256, lower-case hex, of all that decides which numbers the core sees: the same for a job and for what it was
    /// resolved to.
    /// </summary>
    public string Sha256()
    {
        PlanJson plan = _data with { Request = Request with { Output = OutputUnit }, Warnings = [] };
        return Convert.ToHexStringLower(
            SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(plan, PipelineJson.Options)));
    }

    /// <summary>The inverse of <see cref="ToJson"/>.</summary>
    /// <exception cref="DataException">The text is not such JSON.</exception>
    public static DataPlan FromJson(string json)
    {
        PlanJson data = PipelineJson.Parse<PlanJson>(json, What);
        var pipeline = new FittedPipeline(data.Pipeline);
        int classes = pipeline.ClassNames.Length;
        bool fits = !data.Strata.IsDefaultOrEmpty
            && !data.Warnings.IsDefault
            && data.TestRows >= 0
            && data.Request.Fold?.Fits(data.Strata.Sum(rows => (long)rows)) != false
            && data.Strata.All(rows => rows >= 0)
            && data.Strata.Sum(rows => (long)rows) <= int.MaxValue
            && !data.TrainClassRows.IsDefault
            && data.TrainClassRows.Length == classes
            && data.TrainClassRows.All(rows => rows >= 0)
            && data.Strata.Length == (data.Request.Stratify && classes > 0 ? classes : 1)
            && (classes == 0) == (data.OutputUnit == OutputUnit.Linear)
            && (data.OutputUnit != OutputUnit.Sigmoid || classes == 2);
        return fits
            ? new DataPlan(data with { Request = Checked(data.Request) }, pipeline)
            : throw PipelineJson.Malformed(What, "its row counts do not fit its classes");
    }

    /// <summary>Reads the source in one pass and keeps only the rows asked for, preprocessed.</summary>
    /// <param name="rowsOfPart">
    /// For each part the indices within the part, any order; the result keeps that order. Null: all rows of the part.
    /// </param>
    /// <exception cref="DataException">
    /// The file is gone, or is not the one that was planned (size, SHA-256), or cannot be read.
    /// </exception>
    public IReadOnlyDictionary<DataPart, RowSet> Load(
        IReadOnlyDictionary<DataPart, int[]?> rowsOfPart, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rowsOfPart);
        Dictionary<DataPart, int[]?> wanted = new(rowsOfPart);
        Dictionary<DataPart, RowSet> loaded = [];
        if (Request.TestSource is not null && wanted.Remove(DataPart.Test, out int[]? test))
        {
            loaded[DataPart.Test] = TestFile.Load(
                Request, Pipeline, bytes => Buffer(DataPart.Test, test, bytes), cancellationToken);
        }

        if (wanted.Count > 0 || loaded.Count == 0)
        {
            LoadSplit(wanted, loaded, cancellationToken);
        }

        return loaded;
    }

    // Only training weighs rows.
    private RowBuffer Buffer(DataPart part, int[]? rows, ByteScaling? bytes) => new(
        Request.Source.Name, Pipeline, rows, Rows(part), part == DataPart.Train && Request.Weights is not null, bytes);

    private void LoadSplit(
        Dictionary<DataPart, int[]?> wanted, Dictionary<DataPart, RowSet> loaded, CancellationToken cancellationToken)
    {
        using RowReader reader = RowSource.Open(Request);
        ColumnSelection columns = ColumnSelection.OfPlan(
            reader, Pipeline.FeatureColumns, Pipeline.TargetColumns, Request.Weights);
        ByteScaling? bytes = reader.AreBytes(columns.Features) ? Pipeline.OfBytes : null;
        var buffers = wanted.ToDictionary(pair => pair.Key, pair => Buffer(pair.Key, pair.Value, bytes));
        var parser = new RowParser(reader, columns, Pipeline.Labels);
        DatasetSplit.Walk walk = _split.Start();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!parser.HasTargets())
            {
                continue;
            }

            (DataPart part, int index) = Next(walk, reader, parser, _data.Strata.Length > 1);
            if (buffers.TryGetValue(part, out RowBuffer? buffer))
            {
                buffer.Offer(index, parser, Pipeline);
            }
        }

        foreach ((DataPart part, RowBuffer buffer) in buffers)
        {
            loaded[part] = buffer.Finish();
        }
    }

    private static void Fit(
        DataRequest request,
        RowReader reader,
        ColumnSelection columns,
        TargetScan target,
        DatasetSplit split,
        ColumnFit[] fits,
        int[] classRows,
        CancellationToken cancellationToken)
    {
        ClassLabels? labels = target.ClassNames.IsEmpty ? null : new ClassLabels(target.ClassNames);
        var parser = new RowParser(reader, columns, labels);
        DatasetSplit.Walk walk = split.Start();
        double weights = 0;
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!parser.HasTargets())
            {
                continue;
            }

            float weight = parser.Weight();
            (DataPart part, _) = Next(walk, reader, parser, request.Stratify && labels is not null);
            if (part == DataPart.Train && labels is not null)
            {
                classRows[parser.Class()]++;
            }

            weights += part == DataPart.Train ? weight : 0;
            foreach (ColumnFit fit in fits)
            {
                fit.Add(part == DataPart.Train);
            }
        }

        if (weights == 0)
        {
            throw new DataException(
                $"Column '{DataText.Show(request.Weights!)}' of '{request.Source.Name}' (data.weights) is 0 in all "
                + "training rows; give at least one a weight above 0.");
        }
    }

    private static PipelineJson PipelineOf(
        DataRequest request,
        RowReader reader,
        ColumnSelection columns,
        TargetScan target,
        ColumnFit[] fits,
        List<string> warnings)
    {
        (ColumnJson Column, double Offset, double Scale)[] fitted =
            [.. fits.Select(fit => fit.Finish(request.Numeric, request.MissingIndicator, warnings))];
        bool scaled = request.Numeric != NumericScaling.None;
        return new PipelineJson(
            [.. columns.Features.Select(index => reader.Columns[index])],
            [.. columns.Targets.Select(index => reader.Columns[index])],
            target.ClassNames,
            request.Columns,
            request.Numeric,
            scaled ? [.. fitted.Select(column => column.Offset)] : [],
            scaled ? [.. fitted.Select(column => column.Scale)] : [])
        {
            Categorical = request.Categorical,
            Encoders = [.. fitted.Select(column => column.Column)],
            Degree = request.Degree,
            Interactions = request.Interactions,
        };
    }

    private static (DataPart Part, int Index) Next(
        DatasetSplit.Walk walk, RowReader reader, RowParser parser, bool stratified) =>
        walk.TryNext(stratified ? parser.Class() : 0, out (DataPart Part, int Index) place)
            ? place
            : throw reader.Error(0, "the file has more rows than were planned; start a new job.");

    private static DatasetSplit Split(DataRequest request, ImmutableArray<int> strata) => request.Fold is { } fold
        ? new(strata, fold, request.Seed)
        : new(strata, [request.Train, request.Validation, request.Test], request.Seed);

    private static void CheckTrain(DataRequest request, DatasetSplit split, int rows)
    {
        if (split.Rows(DataPart.Train) == 0)
        {
            throw new DataException(
                $"The training part has no rows: split.train is {Show(request.Train)} of {rows} rows; " +
                "at least 1 is needed; raise it.");
        }
    }

    private static void CheckFold(DataRequest request, int rows, int withoutTarget)
    {
        if (request.Fold is not { } fold)
        {
            return;
        }

        if (fold.IsFromFile && withoutTarget > 0)
        {
            throw new DataException(
                $"'{request.Source.Name}' has rows without a target ({withoutTarget}), which are in no fold; remove "
                + "them from it and from the file of split.folds.");
        }

        if (fold.IsFromFile && fold.OfRow.Length != rows)
        {
            throw new DataException(
                $"The file of split.folds has {fold.OfRow.Length} rows, but '{request.Source.Name}' has {rows}; give "
                + "each row a fold.");
        }

        if (!fold.Fits(rows) || fold.Count > rows)
        {
            throw new DataException(
                $"split.folds is {fold.Count}, but '{request.Source.Name}' has {rows} rows; set it from 2 to that.");
        }
    }

    private static DataRequest Checked(DataRequest request)
    {
        double sum = request.Train + request.Validation + request.Test;
        bool positive = request.Train >= 0 && request.Validation >= 0 && request.Test >= 0;
        if (!positive || !(Math.Abs(sum - 1) <= FractionRounding))
        {
            throw new DataException(
                $"split.train, validation and test are {Show(request.Train)}, {Show(request.Validation)} and " +
                $"{Show(request.Test)}; each must be at least 0 and their sum 1.");
        }

        ImmutableArray<string> columns = OrEmpty(request.Columns);
        if (request.Source.Path is null && !columns.IsEmpty)
        {
            throw new DataException(
                $"data.columns names {columns.Length} columns, but set '{request.Source.Name}' has names; remove it.");
        }

        HashSet<string> names = [];
        if (columns.FirstOrDefault(name => string.IsNullOrWhiteSpace(name) || !names.Add(name)) is { } wrong)
        {
            throw new DataException(
                $"data.columns has '{DataText.Show(wrong)}', empty or for the second time; give each column a name.");
        }

        return request with
        {
            Targets = OrEmpty(request.Targets),
            Include = OrEmpty(request.Include),
            Exclude = OrEmpty(request.Exclude),
            Columns = columns,
        };
    }

    private static ImmutableArray<string> OrEmpty(ImmutableArray<string> names) => names.IsDefault ? [] : names;

    private static string Show(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The plan as it stands in JSON.</summary>
    /// <param name="Request">The request.</param>
    /// <param name="OutputUnit">The output unit.</param>
    /// <param name="Strata">
    /// Rows of each class, or of the file when the split is not stratified: with the seed they give the split again.
    /// </param>
    /// <param name="Pipeline">The fitted preprocessing.</param>
    /// <param name="Warnings">What the user should know.</param>
    /// <param name="TrainClassRows">Training rows of each class.</param>
    /// <param name="TestRows">Rows of the test part, where it is a source of its own; else 0.</param>
    private sealed record PlanJson(
        DataRequest Request,
        OutputUnit OutputUnit,
        ImmutableArray<int> Strata,
        PipelineJson Pipeline,
        ImmutableArray<string> Warnings,
        ImmutableArray<int> TrainClassRows,
        int TestRows);
}
