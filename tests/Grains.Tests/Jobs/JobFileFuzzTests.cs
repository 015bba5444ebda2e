using System.Diagnostics;

using CsCheck;

using Trainer.Errors;

using Xunit;

namespace Trainer.Jobs;

public sealed class JobFileFuzzTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private static readonly string Whole = JobFile.ToYaml(new JobSpec { Data = new DataSpec { Source = "heart" } });

    private static readonly string[] Pieces =
    [
        ":", ": ", "- ", "? ", "[", "]", "{", "}", ",", "#", "&a ", "*a", "!", "!!int ", "|", ">", "\"", "'", "%", "@",
        "`", "~", "\\", "\n", "\n  ", "\t", "\r", "\r\n", "\0", "\u0007", "\u0085", "\u2028",
        "\ud800", "\udc00", "\ufeff", "---\n", "...\n", "<<: ", "null", "true", "-1", "1e999", ".nan", "0x1",
        "\"\\ud800\"", "\"\\x\"", "%YAML 9.9\n", "%YAML 99999999999.1\n", "%TAG ! !\n",
    ];

    private static readonly Gen<string> Mutated =
        Gen.Select(Gen.Int[0, Whole.Length], Gen.Int[0, 12], Gen.Int[0, Pieces.Length - 1]).Array[1, 6].Select(Mutate);

    private static readonly Gen<string> Random =
        Gen.Int[0, Pieces.Length - 1].Array[0, 200]
            .Select(places => string.Concat(places.Select(place => Pieces[place])));

    [Fact]
    public void Parse_MutatedJob_GivesAJobOrOneLine() => Mutated.Sample(IsReadOrRefused, iter: 5000);

    [Fact]
    public void Parse_RandomPieces_GiveAJobOrOneLine() => Random.Sample(IsReadOrRefused, iter: 5000);

    private static bool IsReadOrRefused(string text)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            JobSpec job = JobFile.Parse(text, "job.yaml");
            return job.Training.Epochs >= 1 && watch.Elapsed < Longest;
        }
        catch (ConfigurationException error)
        {
            return error.Message.StartsWith("job.yaml:", StringComparison.Ordinal)
                && !error.Message.Any(char.IsControl)
                && watch.Elapsed < Longest;
        }
    }

    // Each mutation removes some characters and puts a piece of syntax there.
    private static string Mutate((int Place, int Length, int Piece)[] mutations)
    {
        string text = Whole;
        foreach ((int place, int length, int piece) in mutations)
        {
            int start = Math.Min(place, text.Length);
            text = text.Remove(start, Math.Min(length, text.Length - start)).Insert(start, Pieces[piece]);
        }

        return text;
    }
}
