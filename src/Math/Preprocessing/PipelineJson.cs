using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

using Trainer.Data;

namespace Trainer.Preprocessing;

/// <summary>A fitted pipeline as it stands in JSON.</summary>
internal sealed record PipelineJson(
    ImmutableArray<string> Features,
    ImmutableArray<string> Targets,
    ImmutableArray<string> Classes,
    ImmutableArray<string> Columns,
    NumericScaling Numeric,
    ImmutableArray<double> Offsets,
    ImmutableArray<double> Scales)
{
    /// <summary>How text columns become numbers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public CategoricalEncoding Categorical { get; init; }

    /// <summary>
    /// How each feature is read; empty in files of before there were any: numbers without replacements.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImmutableArray<ColumnJson> Encoders { get; init; }

    /// <summary>Highest power of numeric inputs.</summary>
    public int Degree { get; init; } = 1;

    /// <summary>Whether numeric inputs are multiplied with each other.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Interactions { get; init; }

    /// <summary>
    /// Compact, members in the order of their declaration, doubles with all their digits: equal values give equal text.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Reads JSON.</summary>
    /// <param name="json">The text.</param>
    /// <param name="what">What it should be, in the message.</param>
    /// <exception cref="DataException">The text is not such JSON.</exception>
    public static T Parse<T>(string json, string what)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options) ?? throw Malformed(what, "it is null");
        }
        catch (JsonException error)
        {
            throw Malformed(what, DataText.Show(error.Message.TrimEnd('.')), error);
        }
    }

    /// <summary>The error of JSON that is not what it should be.</summary>
    public static DataException Malformed(string what, string reason, Exception? error = null)
    {
        string message = $"The {what} is malformed ({reason}); it may be of another version of this program.";
        return error is null ? new DataException(message) : new DataException(message, error);
    }
}
