using System.Globalization;
using System.Text.Json;

using Trainer.Data;

namespace Trainer.Reporting;

/// <summary>The columns of a file as text and as JSON.</summary>
internal static class InspectionReport
{
    private const int MostShown = 6;

    private static readonly JsonSerializerOptions Json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>One JSON object.</summary>
    public static string ToJson(FileInspection inspection) => JsonSerializer.Serialize(inspection, Json);

    /// <summary>A line about the file and a table of its columns.</summary>
    public static IEnumerable<string> Lines(FileInspection inspection)
    {
        string separator = inspection.Separator switch
        {
            null => "",
            '\t' => ", separator tab",
            { } character => $", separator '{character}'",
        };
        string[][] rows =
        [
            ["column", "type", "missing", "distinct", "values"],
            .. inspection.Columns.Select(column => new[]
            {
                column.Name,
                column.Type,
                Figures.Count(column.Missing),
                column.Distinct is { } distinct ? Figures.Count(distinct) : "> 1,000",
                Values(column),
            }),
        ];
        return TextTable.Lines(rows, column => column is 2 or 3)
            .Prepend($"{inspection.Format}{separator}, {Figures.Count(inspection.Rows)} rows");
    }

    private static string Values(ColumnInspection column)
    {
        if (column.Minimum is { } minimum)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{minimum:G6} to {column.Maximum:G6}");
        }

        string shown = string.Join(", ", column.Categories.Take(MostShown));
        return column.Categories.Length > MostShown ? $"{shown} ..." : shown;
    }
}
