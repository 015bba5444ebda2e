using Trainer.Backends;
using Trainer.Kernels;
using Trainer.Losses;

namespace Trainer.Models;

/// <summary>
/// A fully connected network with its weights and the buffers of one block of rows: forward, loss, deltas, and the
/// gradients of any rows of the block.
/// </summary>
/// <remarks>
/// Call order for a block: <see cref="Begin"/>, <see cref="Inputs"/> and <see cref="SetRow"/> for each row,
/// <see cref="Forward"/>, <see cref="ComputeLoss"/>, <see cref="Backward"/>, <see cref="WeightGradient"/>. The team
/// splits output tiles; no chain is ever split (numerics A5). One user at a time; allocates nothing after construction.
/// </remarks>
internal sealed partial class Mlp
{
    /// <summary>Rows of a block: bounds the memory of the activations, whatever the batch.</summary>
    public const int MaxRows = 512;

    /// <summary>Below this many multiply-adds, some 4 us, a barrier costs more than sharing saves.</summary>
    public const long SerialWork = 1 << 19;

    private const int RowTile = 32;

    private readonly MlpArchitecture _architecture;
    private readonly IComputeTeam _team;
    private readonly long _serialWork;
    private readonly int _targetWidth;
    private readonly Memory<float>[] _activations;

    // What a hidden layer's derivative is computed from: z where f(z) is not enough, else f(z). The activations' own
    // memory, unless they differ from it.
    private readonly Memory<float>[] _sources;
    private readonly DropoutMask? _dropout;
    private readonly TrainingObjective _objective;
    private readonly float[][] _masks;
    private readonly (int Epoch, int Row)[] _samples;
    private readonly Memory<float>[] _deltas;
    private readonly DeltaProduct _deltaProduct;
    private Memory<float> _own;
    private readonly float[] _targets;
    private readonly float[] _losses;
    private readonly float[] _rowWeights;
    private readonly Action<int> _forwardTile;
    private readonly Action<int> _lossTile;
    private readonly Action<int> _backwardTile;
    private readonly Action<int> _lastTile;

    private ReadOnlyMemory<float> _weights;

    // The product at hand, read by the tiles.
    private int _layer;
    private int _rowsOfTile;
    private int _rowTiles;

    /// <summary>A network without weights yet.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="team">Compute threads.</param>
    /// <param name="capacity">Most rows of a block.</param>
    /// <param name="serialWork">Products of fewer multiply-adds stay on the calling thread.</param>
    /// <param name="dropout">Drops hidden units, for training only; null: none.</param>
    /// <param name="objective">Smoothing and weights of the loss, for training only; null: none.</param>
    /// <exception cref="ArgumentException">
    /// A width is below 1, or loss, output unit and objective do not fit.
    /// </exception>
    public Mlp(
        MlpArchitecture architecture,
        IComputeTeam team,
        int capacity,
        long serialWork = SerialWork,
        DropoutMask? dropout = null,
        TrainingObjective? objective = null)
    {
        ArgumentNullException.ThrowIfNull(team);
        Layout = new ParameterLayout(architecture);
        architecture.RequireLoss();
        _objective = objective ?? TrainingObjective.Plain;
        _objective.Require(architecture);
        (_architecture, _team, _serialWork, _dropout) = (architecture, team, serialWork, dropout);
        _targetWidth = TargetWidth(architecture);
        _activations = new Memory<float>[Layout.Layers.Length + 1];
        _sources = new Memory<float>[Layout.Layers.Length + 1];
        _masks = new float[Layout.Layers.Length + 1][];
        _deltas = new Memory<float>[Layout.Layers.Length];
        _activations[0] = AlignedMemory.Allocate(Panels.Length(capacity, architecture.Inputs));
        for (int layer = 0; layer < _deltas.Length; layer++)
        {
            int length = Panels.Length(capacity, Layout.Layers[layer].Outputs);
            _activations[layer + 1] = AlignedMemory.Allocate(length);
            bool hidden = layer < _deltas.Length - 1;
            bool keeps = hidden && (dropout is not null || ActivationPass.KeepsInput(architecture.Activation));
            _sources[layer + 1] = keeps ? AlignedMemory.Allocate(length) : _activations[layer + 1];
            _masks[layer + 1] = hidden && dropout is not null ? new float[length] : [];
            _deltas[layer] = AlignedMemory.Allocate(length);
        }

        _deltaProduct = new DeltaProduct(Layout, capacity);
        _targets = new float[checked(capacity * _targetWidth)];
        _losses = new float[capacity];
        _rowWeights = new float[capacity];
        _samples = new (int, int)[dropout is null ? 0 : capacity];
        (_forwardTile, _lossTile, _backwardTile, _lastTile) = (ForwardTile, LossTile, BackwardTile, LastTile);
    }

    /// <summary>Layout of the parameters.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>
    /// The parameters, flat in panel order, read where they are: they stay as they are while the network computes.
    /// Empty until they are set, or <see cref="OwnWeights"/> are asked for.
    /// </summary>
    public ReadOnlyMemory<float> Weights
    {
        get => _weights;
        set
        {
            ThrowHelper.RequireEqualLengths(nameof(value), value.Length, "parameters of the network", Layout.Length);
            _weights = value;
        }
    }

    /// <summary>Rows of the block at hand.</summary>
    public int Rows { get; private set; }

    /// <summary>Floats from panel to panel of the block at hand.</summary>
    public int Stride => Rows * Panels.Width;

    /// <summary>Logits of the block in panels, after <see cref="Forward"/>.</summary>
    public ReadOnlySpan<float> Logits => _activations[^1].Span;

    /// <summary>What goes into a layer for the block in panels, after <see cref="Forward"/>.</summary>
    public ReadOnlySpan<float> InputsOf(int layer) => _activations[layer].Span;

    /// <summary>Deltas of a layer's outputs in panels, after <see cref="Backward"/>.</summary>
    public ReadOnlySpan<float> DeltasOf(int layer) => _deltas[layer].Span;

    /// <summary>Loss of each row of the block, after <see cref="ComputeLoss"/>.</summary>
    public ReadOnlySpan<float> Losses => _losses.AsSpan(0, Rows);

    /// <summary>Weight of a row of the block: its own times that of its class, rounded once.</summary>
    /// <param name="row">Row of the block.</param>
    public float RowWeight(int row) => _rowWeights[row] * _objective.RowWeight(_targets[row * _targetWidth]);

    /// <summary>Values of a target row: outputs of a regression, else 1.</summary>
    public static int TargetWidth(MlpArchitecture architecture) =>
        architecture.Loss == LossFunction.MeanSquaredError ? architecture.Outputs : 1;

    /// <summary>Memory of the network for its parameters, which it uses from now on; zeros at first.</summary>
    public Span<float> OwnWeights()
    {
        if (_own.IsEmpty)
        {
            _own = AlignedMemory.Allocate(Layout.Length);
        }

        _weights = _own;
        return _own.Span;
    }

    /// <summary>Starts a block.</summary>
    /// <param name="rows">Rows, at most the capacity.</param>
    public void Begin(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, _losses.Length);
        Rows = rows;
    }

    /// <summary>The panels of the inputs from the first place of a row on, which takes its features.</summary>
    /// <remarks>Lanes past the last feature may hold anything: no chain runs over them.</remarks>
    /// <param name="row">Row of the block.</param>
    public Span<float> Inputs(int row) => _activations[0].Span[(row * Panels.Width)..];

    /// <summary>Takes what a row has beside its features.</summary>
    /// <param name="row">Row of the block.</param>
    /// <param name="targets">
    /// Its targets, shape [<see cref="TargetWidth"/>]; empty where only predictions are wanted.
    /// </param>
    /// <param name="weight">Its own weight, for training only.</param>
    public void SetRow(int row, ReadOnlySpan<float> targets, float weight = 1f)
    {
        _rowWeights[row] = weight;
        targets.CopyTo(_targets.AsSpan(row * _targetWidth));
    }

    /// <summary>Says which training row a row of the block is, and in which epoch; dropout depends on it.</summary>
    /// <param name="row">Row of the block.</param>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="trainingRow">Its index in the training part.</param>
    public void SetSample(int row, int epoch, int trainingRow) => _samples[row] = (epoch, trainingRow);

    /// <summary>Logits of all rows of the block.</summary>
    public void Forward() => ForwardTo(_deltas.Length);

    private void ForwardTo(int end)
    {
        for (_layer = 0; _layer < end; _layer++)
        {
            LayerLayout layer = Layout.Layers[_layer];
            Split(Panels.Count(layer.Outputs), (long)layer.Inputs * layer.Outputs, _forwardTile);
        }
    }

    /// <summary>
    /// Loss of each row and the deltas of the output layer, both times the row's weight, never times 1/n.
    /// </summary>
    public void ComputeLoss() => Split(1, 16L * _architecture.Outputs, _lossTile);

    /// <summary>Deltas of the hidden layers, from the output side.</summary>
    public void Backward() => BackwardFrom(_deltas.Length - 1);

    private void BackwardFrom(int layer)
    {
        for (_layer = layer; _layer > 0; _layer--)
        {
            LayerLayout at = Layout.Layers[_layer];
            _deltaProduct.Begin(_deltas[_layer].Span, new DenseShape(Rows, at.Inputs, at.Outputs));
            Split(Panels.Count(at.Inputs), (long)at.Inputs * at.Outputs, _backwardTile);
        }
    }

    /// <summary>
    /// <see cref="Forward"/>, <see cref="ComputeLoss"/> and <see cref="Backward"/>. The last layer of a classifier is
    /// narrow: its three parts are split by rows, which need nothing of each other, and done at once.
    /// </summary>
    public void ForwardAndBackward()
    {
        LayerLayout last = Layout.Layers[^1];
        long work = ((2L * last.Inputs) + 16) * last.Outputs;
        if (_deltas.Length == 1 || Panels.Count(last.Outputs) > 1 || IsSerial(work))
        {
            Forward();
            ComputeLoss();
            Backward();
            return;
        }

        ForwardTo(_deltas.Length - 1);
        Split(1, work, _lastTile);
        BackwardFrom(_deltas.Length - 2);
    }

    /// <summary>
    /// The gradient of one output panel of a layer over the shards of the block: weights and biases (numerics A2, A3).
    /// </summary>
    /// <param name="index">The layer.</param>
    /// <param name="panel">The output panel.</param>
    /// <param name="segments">The block's shards in ascending order.</param>
    /// <param name="sums">The stack of flat gradients; only this panel's elements are written.</param>
    public void WeightGradient(
        int index, int panel, ReadOnlySpan<GradientSegment> segments, ReadOnlySpan<float[]> sums)
    {
        LayerLayout layer = Layout.Layers[index];
        GradientTiles.Run(
            _activations[index].Span,
            _deltas[index].Span,
            new DenseShape(Rows, layer.Inputs, layer.Outputs),
            panel,
            segments,
            sums,
            layer.WeightOffset + (panel * layer.Inputs * Panels.Width),
            layer.BiasOffset + (panel * Panels.Width));
    }

    /// <summary>
    /// Runs independent tiles on the team, or on the calling thread where they are too small to share.
    /// </summary>
    /// <param name="count">Tiles.</param>
    /// <param name="workOfRow">Multiply-adds of all tiles for one row.</param>
    /// <param name="tile">Computes one tile.</param>
    public void Run(int count, long workOfRow, Action<int> tile)
    {
        IComputeTeam team = IsSerial(workOfRow) ? SerialTeam.Instance : _team;
        team.For(count, tile);
    }

    // Tiles of whole panels, and of rows too where the panels alone would leave threads idle.
    private void Split(int panels, long workOfRow, Action<int> tile)
    {
        (_rowsOfTile, _rowTiles) = (Rows, 1);
        int wanted = 2 * _team.Size;
        if (panels < wanted && !IsSerial(workOfRow))
        {
            int rows = (Rows * panels / wanted) + RowTile - 1;
            _rowsOfTile = Math.Max(RowTile, rows - (rows % RowTile));
            _rowTiles = (Rows + _rowsOfTile - 1) / _rowsOfTile;
        }

        Run(panels * _rowTiles, workOfRow, tile);
    }

    private bool IsSerial(long workOfRow) => _team.Size == 1 || workOfRow * Rows < _serialWork;

    private (int Panel, int FirstRow, int RowCount) TileAt(int tile)
    {
        (int panel, int part) = Math.DivRem(tile, _rowTiles);
        int first = part * _rowsOfTile;
        return (panel, first, Math.Min(_rowsOfTile, Rows - first));
    }
}
