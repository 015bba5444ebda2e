using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Trainer.Data;

/// <summary>
/// Where rows come from: an embedded set of the catalogue, a generator, or a file proven by size and hash.
/// </summary>
/// <param name="Name">Catalogue name or file name, for messages.</param>
/// <param name="Path">Absolute path; null for an embedded set or a generator.</param>
/// <param name="Size">Bytes of the file; 0 when embedded.</param>
/// <param name="Sha256">Lower-case hex of the file's (or embedded resource's) bytes.</param>
public sealed record DataSource(string Name, string? Path, long Size, string Sha256)
{
    /// <summary>The file with the labels of the rows, where they stand in one of their own (IDX, NPY).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DataSource? Labels { get; init; }

    /// <summary>
    /// Lower-case hex that stands for all its bytes: <see cref="Sha256"/>, or with a label file the SHA-256 of the
    /// text of both files' hashes, the rows' first.
    /// </summary>
    [JsonIgnore]
    public string ContentSha256 => Labels is null
        ? Sha256
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Sha256 + Labels.Sha256)));
}
