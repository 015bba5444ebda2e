using System.Globalization;
using System.Text;

namespace Trainer.Data;

/// <summary>What a field turned out to be.</summary>
internal enum CellKind
{
    /// <summary>A finite number within the range of float32.</summary>
    Number,

    /// <summary>Empty, <c>NA</c>, <c>?</c> or another word for it (docs/data.md).</summary>
    Missing,

    /// <summary>NaN or an infinity in words.</summary>
    NotFinite,

    /// <summary>A number that float32 cannot hold.</summary>
    OutOfRange,

    /// <summary>Anything else.</summary>
    Text,
}

/// <summary>Numbers of CSV fields: culture-invariant, correctly rounded to double.</summary>
internal static class CsvNumber
{
    private const int MostExactDigits = 15;

    private static readonly double[] PowersOfTen =
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>The field without the blanks around it, which never count.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> field) => field.Trim(" \t"u8);

    /// <summary>Reads a field.</summary>
    /// <param name="field">UTF-8.</param>
    /// <param name="value">The number; 0 unless the kind is <see cref="CellKind.Number"/>.</param>
    public static CellKind Parse(ReadOnlySpan<byte> field, out double value)
    {
        field = Trim(field);
        if (TryParseShort(field, out value))
        {
            return CellKind.Number;
        }

        if (IsMissing(field))
        {
            return CellKind.Missing;
        }

        ReadOnlySpan<byte> unsigned = field[0] is (byte)'-' or (byte)'+' ? field[1..] : field;
        if (Ascii.EqualsIgnoreCase(unsigned, "nan"u8)
            || Ascii.EqualsIgnoreCase(unsigned, "inf"u8)
            || Ascii.EqualsIgnoreCase(unsigned, "infinity"u8))
        {
            return CellKind.NotFinite;
        }

        // The library would also take trailing zero bytes and its own words for infinity.
        if (field.ContainsAnyExcept("+-.0123456789eE"u8)
            || !double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed))
        {
            return CellKind.Text;
        }

        if (!float.IsFinite((float)parsed))
        {
            return CellKind.OutOfRange;
        }

        value = parsed;
        return CellKind.Number;
    }

    /// <summary>Reads a text.</summary>
    public static CellKind Parse(string text, out double value) => Parse(Encoding.UTF8.GetBytes(text), out value);

    private static bool IsMissing(ReadOnlySpan<byte> field) => field.Length switch
    {
        0 => true,
        1 => field[0] == (byte)'?',
        2 => field.SequenceEqual("NA"u8),
        3 => field.SequenceEqual("N/A"u8) || field.SequenceEqual("n/a"u8),
        4 => field.SequenceEqual("#N/A"u8) || field.SequenceEqual("NULL"u8) || field.SequenceEqual("null"u8),
        _ => false,
    };

    // Up to 15 digits and a point: digits and power of ten are exact in double, so that their quotient is rounded once.
    // Source: Clinger, "How to read floating point numbers accurately", 1990.
    private static bool TryParseShort(ReadOnlySpan<byte> field, out double value)
    {
        value = 0;
        bool negative = field.Length > 0 && field[0] == (byte)'-';
        ReadOnlySpan<byte> number = negative ? field[1..] : field;
        long digits = 0;
        int point = -1;
        for (int i = 0; i < number.Length; i++)
        {
            int digit = number[i] - '0';
            if ((uint)digit <= 9)
            {
                digits = (10 * digits) + digit;
            }
            else if (number[i] == (byte)'.' && point < 0)
            {
                point = i;
            }
            else
            {
                return false;
            }

            if (i > MostExactDigits)
            {
                return false;
            }
        }

        int count = number.Length - (point < 0 ? 0 : 1);
        if (count is 0 or > MostExactDigits)
        {
            return false;
        }

        double magnitude = point < 0 ? digits : digits / PowersOfTen[count - point];
        value = negative ? -magnitude : magnitude;
        return true;
    }
}
