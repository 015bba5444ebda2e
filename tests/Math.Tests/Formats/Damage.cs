using CsCheck;

namespace Trainer.Formats;

/// <summary>Mutations of a file for fuzzing: some bytes replaced, removed or inserted, or the end cut off.</summary>
internal static class Damage
{
    /// <summary>Damaged copies of a content.</summary>
    /// <param name="content">The intact bytes.</param>
    public static Gen<byte[]> Of(byte[] content) =>
        from edits in Gen.Select(Gen.Int[0, 3], Gen.Int[0, content.Length - 1], Gen.Byte).Array[1, 6]
        select edits.Aggregate(content, Apply);

    private static byte[] Apply(byte[] content, (int Kind, int Position, byte Value) edit)
    {
        int position = Math.Min(edit.Position, content.Length);
        int next = Math.Min(position + 1, content.Length);
        return edit.Kind switch
        {
            0 => [.. content[..position], edit.Value, .. content[next..]],
            1 => [.. content[..position], .. content[next..]],
            2 => [.. content[..position], edit.Value, .. content[position..]],
            _ => content[..position],
        };
    }
}
