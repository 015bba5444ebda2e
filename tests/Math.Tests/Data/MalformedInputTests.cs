using System.Text;

using Xunit;

using Trainer.Models;

namespace Trainer.Data;

public sealed class MalformedInputTests : IDisposable
{
    private readonly TempFolder _folder = new();

    // Content and the message it gives; every request has the target 'y'.
    public static TheoryData<string, string> Contents => new()
    {
        {
            "a,y\n1,0\n1e400,1\n",
            "'x.csv' row 2 (line 3), column 'a': '1e400' is outside the range of 32-bit numbers (3.4e38); correct " +
            "it or remove the row."
        },
        {
            "a,y\n1,0\n-3.5e38,1\n",
            "'x.csv' row 2 (line 3), column 'a': '-3.5e38' is outside the range of 32-bit numbers (3.4e38); correct " +
            "it or remove the row."
        },
        {
            "a,y\nnan,0\n1,1\n",
            "'x.csv' row 1 (line 2), column 'a': 'nan' is not a finite number; correct it or remove the row."
        },
        {
            "a,y\n-Inf,0\n1,1\n",
            "'x.csv' row 1 (line 2), column 'a': '-Inf' is not a finite number; correct it or remove the row."
        },
        {
            "a,y\n1,0\n2,inf\n",
            "'x.csv' row 2 (line 3), column 'y': 'inf' is not a finite number; correct it or remove the row."
        },
        {
            "a,y\n1,\n2,NA\n",
            "'x.csv' has no value in 'y' in any of its 2 rows; check the target."
        },
        {
            "a;y\n1,5;0\n2;1\n",
            "'x.csv' row 1 (line 2), column 'a': '1,5' is not a number; write the decimal point as '.', or exclude " +
            "column 'a'."
        },
        {
            "a,b,y\n1,2,0\n\n1,2\n",
            "'x.csv' row 2 (line 4), column 'y': the row has 2 fields but the header has 3; this value is missing; " +
            "add it or remove the row."
        },
        {
            "a,y\n1,0\n1,1,7\n",
            "'x.csv' row 2 (line 3), column 3: the row has 3 fields but the header has 2; remove the value, or " +
            "quote fields that hold separators."
        },
        {
            "a,y\n1,0\n\"2\n3,1\n",
            "'x.csv' row 2 (line 3), column 'a': the quote opened on line 3 is never closed; add the closing quote."
        },
        {
            "\"a,y\n1,0\n",
            "'x.csv' header (line 1), column 1: the quote opened on line 1 is never closed; add the closing quote."
        },
        {
            "a,y\n1,0\n\"2\"x,1\n",
            "'x.csv' row 2 (line 3), column 'a': 'x' stands after the closing quote; double the quotes inside a " +
            "quoted field."
        },
        {
            "a,b, a,y\n1,2,3,0\n",
            "'x.csv' header (line 1), column 3: the name 'a' is already that of column 1; rename one, or name the " +
            "columns in data.columns if the file has no header."
        },
        {
            ",column_1,y\n1,2,0\n",
            "'x.csv' header (line 1), column 2: the name 'column_1' is already that of column 1; rename one, or " +
            "name the columns in data.columns if the file has no header."
        },
        { "a,y\n", "Data file 'x.csv' has a header but no rows; give a file with a header and rows." },
        { "\n\r\n\n", "Data file 'x.csv' has no rows; give a file with a header and rows." },
        { "\uFEFF", "Data file 'x.csv' has no rows; give a file with a header and rows." },
        { "y\n1\n2\n", "'x.csv' has no feature columns left of y; a model needs at least 1; exclude fewer columns." },
        { "a,yy\n1,0\n", "'x.csv' has no column 'y' for data.target (did you mean 'yy'?); its columns are: a, yy." },
        { "a,target\n1,0\n", "'x.csv' has no column 'y' for data.target; its columns are: a, target." },
        {
            "a,y\n1,5\n2,5\n",
            "The target 'y' of 'x.csv' is '5' in all 2 rows; classes need at least 2 values; check the target."
        },
        {
            "a\ty\n1,0\n",
            "'x.csv' row 1 (line 2), column 'y': the row has 1 field but the header has 2; this value is missing; " +
            "add it or remove the row."
        },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public void Create_MalformedFile_NamesFilePlaceValueReason(string content, string message)
    {
        DataSource source = _folder.Csv(content);

        DataException error = Assert.Throws<DataException>(() => TempFolder.Plan(TempFolder.Request(source)));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Create_InvalidUtf8InFeature_NamesRowAndColumn() =>
        AssertMessage(
            [.. "a,y\n1,0\n"u8, 0xC3, 0x28, .. ",1\n"u8],
            "'x.csv' row 2 (line 3), column 'a': '\uFFFD(' is not valid UTF-8; save the file as UTF-8, or exclude " +
            "column 'a'.");

    [Fact]
    public void Create_InvalidUtf8InTarget_NamesRowAndColumn() =>
        AssertMessage(
            [.. "a,y\n1,no\n2,"u8, 0xFF, .. "\n"u8],
            "'x.csv' row 2 (line 3), column 'y': '\uFFFD' is not valid UTF-8; save the file as UTF-8.");

    [Fact]
    public void Create_InvalidUtf8InHeader_NamesColumn() =>
        AssertMessage(
            [.. "a,"u8, 0xFF, .. "\n1,0\n"u8],
            "'x.csv' header (line 1), column 2: '\uFFFD' is not valid UTF-8; save the file as UTF-8.");

    [Fact]
    public void Create_Utf16_SaysSo() =>
        AssertMessage(
            [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("a,y\n1,0\n")],
            "'x.csv' header (line 1), column 1: the text is UTF-16; save the file as UTF-8.");

    [Fact]
    public void Create_HugeField_StopsAtTheCap() =>
        AssertMessage(
            Encoding.UTF8.GetBytes($"a,y\n1,0\n\"{new string('1', 2 << 20)}"),
            "'x.csv' row 2 (line 3), column 'a': the field is longer than 1048576 bytes; close its quote, or give a " +
            "CSV file.");

    [Fact]
    public void Create_DamagedGzip_SaysSo()
    {
        byte[] packed = TempFolder.Gzip("a,y\n1,0\n2,1\n");
        packed[^6] ^= 1; // the checksum

        AssertMessage(packed, "Data file 'x.csv' is damaged gzip (");
    }

    [Fact]
    public void Create_TruncatedGzip_SaysSo()
    {
        string rows = string.Concat(Enumerable.Range(0, 5000).Select(row => $"{row * 7919 % 10007},{row % 2}\n"));

        AssertMessage(TempFolder.Gzip($"a,y\n{rows}")[..^2000], "Data file 'x.csv' is damaged gzip (");
    }

    [Fact]
    public void Create_GzipMagicOnly_SaysSo() => AssertMessage([0x1F, 0x8B], "Data file 'x.csv' is damaged gzip (");

    [Theory]
    [InlineData(OutputUnit.Sigmoid, "The target 'y' of 'x.csv' has 3 classes (0, 1, 2) but model.output is sigmoid, " +
        "which needs exactly 2")]
    [InlineData(OutputUnit.Linear, null)]
    [InlineData(OutputUnit.Softmax, null)]
    public void Create_OutputOfThreeClasses_FitsOrSaysWhatDoes(OutputUnit output, string? message)
    {
        DataRequest request = TempFolder.Request(_folder.Csv("a,y\n1,0\n2,1\n3,2\n"), output: output);

        Exception? error = Record.Exception(() => TempFolder.Plan(request));

        Assert.Equal(message is null, error is null);
        Assert.StartsWith(message ?? "", error?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Create_LinearWithText_NamesTheFirstText()
    {
        DataRequest request = TempFolder.Request(_folder.Csv("a,y\n1,0\n2,no\n"), output: OutputUnit.Linear);

        DataException error = Assert.Throws<DataException>(() => TempFolder.Plan(request));

        Assert.Equal(
            "'x.csv' row 2 (line 3), column 'y': 'no' is not a number, which a regression needs; correct it or set " +
            "model.output.",
            error.Message);
    }

    [Fact]
    public void Create_SeveralTargetsWithSoftmax_SaysLinear()
    {
        DataRequest request = TempFolder.Request(_folder.Csv("a,y,z\n1,0,1\n"), ["y", "z"], output: OutputUnit.Softmax);

        DataException error = Assert.Throws<DataException>(() => TempFolder.Plan(request));

        Assert.Equal(
            "model.output is softmax but data.target names 2 columns; several targets need linear.", error.Message);
    }

    [Fact]
    public void Create_NoTarget_ListsTheColumns()
    {
        DataRequest request = TempFolder.Request(_folder.Csv("a,b\n1,0\n"), []);

        DataException error = Assert.Throws<DataException>(() => TempFolder.Plan(request));

        Assert.Equal("data.target is missing; name the column of 'x.csv' to predict, one of: a, b.", error.Message);
    }

    [Fact]
    public void Create_HeaderWhereColumnsAreNamed_SaysSo()
    {
        DataRequest request = TempFolder.Request(_folder.Csv("a,y\n1,0\n")) with { Columns = ["a", "y"] };

        DataException error = Assert.Throws<DataException>(() => TempFolder.Plan(request));

        Assert.Equal(
            "'x.csv' row 1 (line 1), column 'a': the row has the names of data.columns; if the file has a header, " +
            "leave data.columns out.",
            error.Message);
    }

    [Theory]
    [InlineData(new[] { "a", "a" }, "data.columns has 'a', empty or for the second time; give each column a name.")]
    [InlineData(new[] { "a", " " }, "data.columns has ' ', empty or for the second time; give each column a name.")]
    [InlineData(
        new[] { "a", "b", "y" },
        "'x.csv' row 1 (line 1), column 'y': the row has 2 fields but data.columns has 3; this value is missing; " +
        "add it or remove the row.")]
    public void Create_ColumnsThatDoNotFit_SaysWhich(string[] columns, string message)
    {
        DataRequest request = TempFolder.Request(_folder.Csv("1,0\n2,1\n")) with { Columns = [.. columns] };

        DataException error = Assert.Throws<DataException>(() => TempFolder.Plan(request));

        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData(0.5, 0.2, 0.2)]
    [InlineData(1.5, -0.5, 0)]
    [InlineData(double.NaN, 0.5, 0.5)]
    public void Create_FractionsNotOne_SaysAll(double train, double validation, double test)
    {
        DataRequest request = TempFolder.Request(_folder.Csv("a,y\n1,0\n2,1\n"));

        DataException error = Assert.Throws<DataException>(
            () => TempFolder.Plan(request with { Train = train, Validation = validation, Test = test }));

        Assert.EndsWith("each must be at least 0 and their sum 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NoTrainingRows_SaysSo()
    {
        DataRequest request = TempFolder.Request(_folder.Csv("a,y\n1,0\n2,1\n")) with
        {
            Train = 0.1, Validation = 0.4, Test = 0.5,
        };

        DataException error = Assert.Throws<DataException>(() => TempFolder.Plan(request));

        Assert.Equal(
            "The training part has no rows: split.train is 0.1 of 2 rows; at least 1 is needed; raise it.",
            error.Message);
    }

    public void Dispose() => _folder.Dispose();

    private void AssertMessage(byte[] content, string start)
    {
        DataSource source = _folder.Bytes(content);

        DataException error = Assert.Throws<DataException>(() => TempFolder.Plan(TempFolder.Request(source)));

        Assert.StartsWith(start, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
