namespace Trainer.Checkpoints;

/// <summary>
/// A file system in memory that keeps apart what is on disk and what only programs see; it can be full, or lose power.
/// </summary>
internal sealed class MemoryFiles : ICheckpointFiles
{
    private readonly Dictionary<string, Node> _names = [];
    private readonly Dictionary<string, Node> _namesOnDisk = [];

    /// <summary>Operations done.</summary>
    public int Operations { get; private set; }

    /// <summary>The operation that finds the disk full, from 0.</summary>
    public int? FullAt { get; set; }

    /// <summary>The operation at which the power goes, from 0.</summary>
    public int? CrashAt { get; set; }

    /// <summary>Called before each operation.</summary>
    public Action<string, string>? Before { get; set; }

    public void CreateFolder(string folder) => Count(nameof(CreateFolder), folder);

    public IReadOnlyList<string> List(string folder) =>
        [.. _names.Keys.Where(path => Path.GetDirectoryName(path) == folder).Select(path => Path.GetFileName(path)!)];

    public Stream OpenRead(string path) => _names.TryGetValue(path, out Node? node)
        ? new MemoryStream(node.Content.ToArray(), writable: false)
        : throw new FileNotFoundException($"No file '{path}'.");

    public Stream Create(string path)
    {
        Count(nameof(Create), path);
        var node = new Node();
        return _names.TryAdd(path, node) ? new NodeStream(this, node) : throw new IOException($"'{path}' exists.");
    }

    public void Flush(Stream stream)
    {
        Count(nameof(Flush), "");
        Node node = ((NodeStream)stream).Node;
        node.OnDisk = node.Content.ToArray();
    }

    public void Rename(string path, string newPath)
    {
        Count(nameof(Rename), newPath);
        if (!_names.TryGetValue(path, out Node? node) || !_names.TryAdd(newPath, node))
        {
            throw new IOException($"'{path}' cannot be renamed to '{newPath}'.");
        }

        _names.Remove(path);
    }

    public void FlushFolder(string folder)
    {
        Count(nameof(FlushFolder), folder);
        _namesOnDisk.Clear();
        foreach ((string path, Node node) in _names)
        {
            _namesOnDisk.Add(path, node);
        }
    }

    public void Delete(string path)
    {
        Count(nameof(Delete), path);
        _names.Remove(path);
    }

    public byte[] Read(string path) => _names[path].Content.ToArray();

    public void Replace(string path, byte[] content) => _names[path] = Node.Of(content);

    /// <summary>The power comes back: of what was not flushed any part may be there.</summary>
    public void Restart(Random random)
    {
        (CrashAt, FullAt) = (null, null);
        foreach (string path in _names.Keys.Union(_namesOnDisk.Keys).ToArray())
        {
            Node? node = (random.Next(2) == 0 ? _names : _namesOnDisk).GetValueOrDefault(path);
            _names.Remove(path);
            if (node is not null)
            {
                byte[] content = node.Content.ToArray();
                int kept = Math.Max(node.OnDisk.Length, random.Next(content.Length + 1));
                _names.Add(path, Node.Of(content[..kept]));
            }
        }
    }

    private void Count(string operation, string path)
    {
        Before?.Invoke(operation, path);
        int number = Operations++;
        if (number >= CrashAt)
        {
            throw new PowerCutException();
        }

        if (number == FullAt)
        {
            throw new IOException("No space left on device");
        }
    }

    internal sealed class PowerCutException : Exception;

    private sealed class Node
    {
        public MemoryStream Content { get; } = new();

        public byte[] OnDisk { get; set; } = [];

        public static Node Of(byte[] content)
        {
            var node = new Node { OnDisk = content };
            node.Content.Write(content);
            return node;
        }
    }

    private sealed class NodeStream(MemoryFiles files, Node node) : Stream
    {
        public Node Node => node;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => node.Content.Length;

        public override long Position
        {
            get => node.Content.Position;
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            // A full disk takes what still fits.
            int fits = files.FullAt == files.Operations ? count / 2 : count;
            node.Content.Write(buffer, offset, fits);
            files.Count(nameof(Write), "");
        }
    }
}
