using System.Globalization;
using System.Text;

using CsCheck;

using Xunit;

namespace Trainer.Data;

public sealed class CsvNumberTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData(" -1.5\t", -1.5)]
    [InlineData("+2", 2)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("1e-3", 0.001)]
    [InlineData("1E3", 1000)]
    [InlineData("3.4e38", 3.4e38)]
    [InlineData("1e-400", 0)]
    [InlineData("123456789012345", 123456789012345)]
    [InlineData("0.12345678901234567890", 0.1234567890123456789)]
    public void Parse_Numbers_AreRead(string field, double expected)
    {
        CellKind kind = CsvNumber.Parse(Encoding.UTF8.GetBytes(field), out double value);

        Assert.Equal(CellKind.Number, kind);
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("", nameof(CellKind.Missing))]
    [InlineData("  ", nameof(CellKind.Missing))]
    [InlineData("NA", nameof(CellKind.Missing))]
    [InlineData("?", nameof(CellKind.Missing))]
    [InlineData("NaN", nameof(CellKind.NotFinite))]
    [InlineData("-INF", nameof(CellKind.NotFinite))]
    [InlineData("Infinity", nameof(CellKind.NotFinite))]
    [InlineData("1e39", nameof(CellKind.OutOfRange))]
    [InlineData("-1e400", nameof(CellKind.OutOfRange))]
    [InlineData("na", nameof(CellKind.Text))]
    [InlineData("-", nameof(CellKind.Text))]
    [InlineData(".", nameof(CellKind.Text))]
    [InlineData("1.2.3", nameof(CellKind.Text))]
    [InlineData("1,000", nameof(CellKind.Text))]
    [InlineData("1 0", nameof(CellKind.Text))]
    [InlineData("0x10", nameof(CellKind.Text))]
    [InlineData("1\0", nameof(CellKind.Text))]
    [InlineData("\u221E", nameof(CellKind.Text))]
    [InlineData("\u0661", nameof(CellKind.Text))]
    public void Parse_Others_AreNamed(string field, string expected)
    {
        CellKind kind = CsvNumber.Parse(Encoding.UTF8.GetBytes(field), out double value);

        Assert.Equal(expected, kind.ToString());
        Assert.Equal(0, value);
    }

    [Fact]
    public void Parse_ShortNumbers_EqualTheLibraryBitForBit() =>
        (from digits in Gen.Char["0123456789"].Array[1, 18]
         from point in Gen.Int[0, 19]
         from sign in Gen.Bool
         select (sign ? "-" : "") + new string(digits).Insert(Math.Min(point, digits.Length), ".")).Sample(
            text =>
            {
                CsvNumber.Parse(Encoding.UTF8.GetBytes(text), out double value);

                double expected = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
                Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(value));
            },
            iter: 20_000);
}
