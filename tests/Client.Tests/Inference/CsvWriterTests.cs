using Xunit;

namespace Trainer.Inference;

public sealed class CsvWriterTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a;b", "a;b")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("carriage\rreturn", "\"carriage\rreturn\"")]
    [InlineData(" blanks ", "\" blanks \"")]
    [InlineData("naïve 日本", "naïve 日本")]
    public void Write_Field_QuotedWhereNeeded(string field, string expected)
    {
        using var output = new StringWriter();

        Write(output, ',', "first", field, "last");

        Assert.Equal($"first,{expected},last\n", output.ToString());
    }

    [Fact]
    public void Write_OtherSeparator_QuotesThatOne()
    {
        using var output = new StringWriter();

        Write(output, ';', "a;b", "a,b");

        Assert.Equal("\"a;b\";a,b\n", output.ToString());
    }

    [Fact]
    public void Write_ManyRows_KeepsAllInOrder()
    {
        using var output = new StringWriter();
        string[] numbers = [.. Enumerable.Range(0, 40_000).Select(row => $"{row}")];
        var writer = new CsvWriter(output, ',');

        foreach (string number in numbers)
        {
            writer.Write([number]);
        }

        writer.Flush();
        Assert.Equal(numbers, output.ToString().TrimEnd('\n').Split('\n'));
    }

    private static void Write(StringWriter output, char separator, params string[] fields)
    {
        var writer = new CsvWriter(output, separator);
        writer.Write(fields);
        writer.Flush();
    }
}
