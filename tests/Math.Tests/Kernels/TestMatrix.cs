namespace Trainer.Kernels;

/// <summary>A plain row-major matrix, the tests' view of what the core keeps in panels.</summary>
internal sealed class TestMatrix(int rows, int columns)
{
    private readonly float[] _values = new float[rows * columns];

    public int Rows => rows;

    public int Columns => columns;

    public float this[int row, int column]
    {
        get => _values[(row * columns) + column];
        private set => _values[(row * columns) + column] = value;
    }

    public static TestMatrix Create(int rows, int columns, Func<int, int, float> element)
    {
        var matrix = new TestMatrix(rows, columns);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                matrix[row, column] = element(row, column);
            }
        }

        return matrix;
    }

    public static TestMatrix Random(int rows, int columns, int seed)
    {
        var random = new SeededRandom((ulong)seed, RandomStream.Generator);
        return Create(rows, columns, (row, column) => (random.Uniform((ulong)row, (ulong)column) * 4f) - 2f);
    }

    public TestMatrix Transposed() => Create(columns, rows, (row, column) => this[column, row]);

    public float[] ToPanels()
    {
        float[] panels = new float[Panels.Length(rows, columns)];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                panels[Panels.Index(rows, row, column)] = this[row, column];
            }
        }

        return panels;
    }
}
