using Xunit;

namespace Trainer;

public sealed class FileShapeTests
{
    private const int LongestSourceFile = 400;
    private const int LongestTestFile = 500;
    private const int LongestLine = 120;

    [Fact]
    public void SourceFiles_Lines_AtMost400() => Assert.Empty(TooLong("src", LongestSourceFile));

    [Fact]
    public void TestFiles_Lines_AtMost500() => Assert.Empty(TooLong("tests", LongestTestFile));

    [Fact]
    public void Files_Columns_AtMost120()
    {
        IEnumerable<string> wide =
            from file in Repository.SourceFiles("src").Concat(Repository.SourceFiles("tests"))
            from line in File.ReadLines(file).Index()
            where line.Item.Length > LongestLine
            select $"{Repository.Relative(file)}:{line.Index + 1} has {line.Item.Length} columns";

        Assert.Empty(wide);
    }

    [Fact]
    public void Files_Unfinished_HaveNoMarks()
    {
        // Spelled in halves, so that this file does not find itself.
        string[] marks = ["TO" + "DO", "FIX" + "ME", "HA" + "CK:", "NotImplemented" + "Exception", "#reg" + "ion"];

        IEnumerable<string> found =
            from file in Repository.SourceFiles("src").Concat(Repository.SourceFiles("tests"))
            from line in File.ReadLines(file).Index()
            from mark in marks
            where line.Item.Contains(mark, StringComparison.Ordinal)
            select $"{Repository.Relative(file)}:{line.Index + 1} says {mark}";

        Assert.Empty(found);
    }

    private static IEnumerable<string> TooLong(string folder, int limit) =>
        from file in Repository.SourceFiles(folder)
        let lines = File.ReadLines(file).Count()
        where lines > limit
        select $"{Repository.Relative(file)} has {lines} lines; at most {limit}";
}
