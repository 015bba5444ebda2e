using CsCheck;

using Xunit;

namespace Trainer.Data;

public sealed class CsvReaderTests : IDisposable
{
    private static readonly Gen<string> Text =
        Gen.OneOf(Gen.Char[" ab,;\t\"\r\n\uFEFF\0\u00e9\u20ac"], Gen.Char['!', '~'])
            .Array[0, 6]
            .Select(letters => new string(letters));

    private static readonly Gen<string[][]> Tables =
        from columns in Gen.Int[1, 5]
        from rows in Text.Array[columns].Array[1, 8]
        from header in Gen.Int[0, 1000].Select(Gen.Char[",;\t\" x"]).Array[columns]
        select (string[][])[[.. header.Select((name, index) => $"c{index}{name.Item2}{name.Item1}")], .. rows];

    private readonly TempFolder _folder = new();

    [Fact]
    public void Read_AnyTextWritten_ComesBack() =>
        (from table in Tables from separator in Gen.Char[",;\t"] select (table, separator)).Sample(
            sample =>
            {
                using var text = new StringWriter();
                foreach (string[] row in sample.table)
                {
                    CsvFields.WriteRow(text, row, sample.separator);
                }

                DataSource source = _folder.Csv(text.ToString(), $"{Guid.NewGuid()}.csv");
                (string[] columns, List<string[]> rows) = ReadAll(source);

                Assert.Equal(sample.table[0], columns);
                Assert.Equal(sample.table[1..], rows);
            },
            iter: 300);

    [Theory]
    [InlineData("a,b\n1,2\n3,4\n")]
    [InlineData("a,b\r\n1,2\r\n3,4")]
    [InlineData("a,b\r1,2\r3,4\r")]
    [InlineData("\uFEFF\"a\",b\n\n1,\"2\"\n\r\n3,4\n\n")]
    [InlineData("a;b\n1;2\n3;4\n")]
    [InlineData("\n a\tb \n1\t2\n3\t4\n")]
    [InlineData("\"a\";\"b\"\n1;2\n3;4\n")]
    public void Read_OtherDialects_GiveTheSameRows(string content)
    {
        (string[] columns, List<string[]> rows) = ReadAll(_folder.Csv(content));

        Assert.Equal(["a", "b"], columns);
        Assert.Equal([["1", "2"], ["3", "4"]], rows);
    }

    [Fact]
    public void Read_Gzip_IsUnpackedWhateverItsName()
    {
        (string[] columns, List<string[]> rows) = ReadAll(_folder.Bytes(TempFolder.Gzip("a,b\n1,2\n"), "a.csv"));

        Assert.Equal(["a", "b"], columns);
        Assert.Equal([["1", "2"]], rows);
    }

    [Fact]
    public void Read_Quotes_HoldSeparatorsLineEndsAndQuotes()
    {
        (_, List<string[]> rows) = ReadAll(_folder.Csv("a,b\n\"x,y\",\"p\r\nq\"\n\"say \"\"hi\"\"\",5\"\n"));

        Assert.Equal([["x,y", "p\r\nq"], ["say \"hi\"", "5\""]], rows);
    }

    [Fact]
    public void Read_FieldsAcrossBuffers_AreWhole()
    {
        string[] fields = [new string('x', 100_000), $"\"{new string('y', 70_000)}\n", "z"];
        using var text = new StringWriter();
        CsvFields.WriteRow(text, ["a", "b", "c"]);
        CsvFields.WriteRow(text, fields);
        CsvFields.WriteRow(text, fields);

        (_, List<string[]> rows) = ReadAll(_folder.Csv(text.ToString()));

        Assert.Equal([fields, fields], rows);
    }

    [Fact]
    public void Read_ColumnWithoutName_IsNumberedFromOne()
    {
        (string[] columns, _) = ReadAll(_folder.Csv(",b,\n1,2,3\n"));

        Assert.Equal(["column_1", "b", "column_3"], columns);
    }

    [Fact]
    public void Read_LinesAndRows_AreCounted()
    {
        using CsvReader reader = CsvReader.Open(_folder.Csv("a,b\n\n1,\"2\n2\"\n3,4\n"));
        List<(int Row, long Line)> places = [(reader.Row, reader.Line)];

        while (reader.Read())
        {
            places.Add((reader.Row, reader.Line));
        }

        Assert.Equal([(0, 1), (1, 3), (2, 5)], places);
        Assert.Equal(2, reader.Row);
    }

    [Fact]
    public void Open_ColumnsNamed_ReadsTheFirstLineAsRow()
    {
        using CsvReader reader = CsvReader.Open(_folder.Csv("1,2\n3,4\n"), ["a", "b"]);

        Assert.True(reader.Read());
        Assert.False(reader.HasHeader);
        Assert.Equal(["1", "2"], reader.Fields());
        Assert.Equal(1, reader.Row);
    }

    [Fact]
    public void Read_Digits_HasNamedColumns()
    {
        using CsvReader reader = CsvReader.Open(Catalogue.Find("digits"));

        Assert.True(reader.Read());
        Assert.Equal(("pixel_0_0", "pixel_7_7", "digit"), (reader.Columns[0], reader.Columns[63], reader.Columns[64]));
    }

    [Fact]
    public void Read_FileChangedAfterRegistration_SaysSoAtTheEnd()
    {
        DataSource source = _folder.Csv("a,b\n1,2\n3,4\n");
        _folder.Csv("a,b\n1,2\n3,5\n");
        using CsvReader reader = CsvReader.Open(source);
        reader.Read();
        reader.Read();

        DataException error = Assert.Throws<DataException>(() => reader.Read());

        Assert.Equal(
            "Data 'x.csv' has changed since the job was planned (its SHA-256 differs); start a new job to use it as " +
            "it is now.",
            error.Message);
    }

    [Fact]
    public void Read_FileChangedIntoMalformed_SaysChanged()
    {
        DataSource source = _folder.Csv("a,b\n1,2\n3,4\n");
        _folder.Csv("a,b\n1,2\n\"3,4\n"[..^1]);
        using CsvReader reader = CsvReader.Open(source);
        reader.Read();

        DataException error = Assert.Throws<DataException>(() => reader.Read());

        Assert.Contains("has changed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileOfAnotherSize_SaysBoth()
    {
        DataSource source = _folder.Csv("a,b\n1,2\n3,4\n");
        _folder.Csv("a,b\n1,2\n");

        DataException error = Assert.Throws<DataException>(() => CsvReader.Open(source));

        Assert.Contains("(it has 8 bytes, not 12)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileGone_SaysSo()
    {
        DataSource source = _folder.Csv("a,b\n1,2\n");
        File.Delete(source.Path!);

        DataException error = Assert.Throws<DataException>(() => CsvReader.Open(source));

        Assert.EndsWith("does not exist; check the path.", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static (string[] Columns, List<string[]> Rows) ReadAll(DataSource source)
    {
        using CsvReader reader = CsvReader.Open(source);
        List<string[]> rows = [];
        while (reader.Read())
        {
            rows.Add(reader.Fields());
        }

        return ([.. reader.Columns], rows);
    }
}
