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

        new CsvWriter(output, ',').Write(["first", field, "last"]);

        Assert.Equal($"first,{expected},last\n", output.ToString());
    }

    [Fact]
    public void Write_OtherSeparator_QuotesThatOne()
    {
        using var output = new StringWriter();

        new CsvWriter(output, ';').Write(["a;b", "a,b"]);

        Assert.Equal("\"a;b\";a,b\n", output.ToString());
    }
}
