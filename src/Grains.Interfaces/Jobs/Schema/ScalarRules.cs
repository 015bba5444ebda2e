using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

using Trainer.Jobs.Documents;

namespace Trainer.Jobs.Schema;

/// <summary>True or false.</summary>
internal sealed class SwitchRule : Rule<bool>
{
    /// <inheritdoc/>
    public override string Expected => "true or false";

    /// <inheritdoc/>
    public override bool Read(SourceNode node, string path) =>
        node is ScalarNode scalar && scalar.TryBoolean(out bool value) ? value : throw Wrong(node, path);

    /// <inheritdoc/>
    public override JsonNode Write(bool value) => JsonValue.Create(value);

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["type"] = "boolean" };
}

/// <summary>A whole number.</summary>
/// <param name="from">Smallest.</param>
/// <param name="to">Largest.</param>
/// <param name="powerOfTwo">Whether it must be a power of two.</param>
internal sealed class IntegerRule<T>(T from, T to, bool powerOfTwo = false) : Rule<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    /// <inheritdoc/>
    public override string Expected
    {
        get
        {
            string kind = powerOfTwo ? "a power of two" : "a whole number";
            return from == to ? $"{from}"
                : to == T.MaxValue ? $"{kind} of at least {from}"
                : $"{kind} from {from} to {to}";
        }
    }

    /// <inheritdoc/>
    public override T Read(SourceNode node, string path)
    {
        if (node is ScalarNode scalar
            && scalar.TryInteger(out long value)
            && value >= long.CreateChecked(from)
            && value <= long.CreateChecked(to)
            && (!powerOfTwo || BitOperations.IsPow2(value)))
        {
            return T.CreateChecked(value);
        }

        // The largest number of the type goes without saying, until somebody exceeds it.
        bool large = node is ScalarNode number && number.TryNumber(out double size) && size > double.CreateChecked(to);
        throw Wrong(node, path, large && to == T.MaxValue ? $", and at most {to}." : ".");
    }

    /// <inheritdoc/>
    public override JsonNode Write(T value) => JsonValue.Create(long.CreateChecked(value));

    /// <inheritdoc/>
    public override JsonObject Describe()
    {
        var schema = new JsonObject { ["type"] = "integer", ["minimum"] = long.CreateChecked(from) };
        if (to != T.MaxValue)
        {
            schema["maximum"] = long.CreateChecked(to);
        }

        return schema;
    }
}

/// <summary>
/// A finite number in a range, which it must keep when it is rounded to binary32: the core computes with that.
/// </summary>
internal sealed class NumberRule : Rule<double>
{
    /// <summary>Smallest allowed.</summary>
    public double? From { get; init; }

    /// <summary>All allowed are larger.</summary>
    public double? Above { get; init; }

    /// <summary>Largest allowed.</summary>
    public double? To { get; init; }

    /// <summary>All allowed are smaller.</summary>
    public double? Below { get; init; }

    /// <inheritdoc/>
    public override string Expected
    {
        get
        {
            string?[] bounds =
            [
                From is { } from ? string.Create(CultureInfo.InvariantCulture, $"of at least {from}") : null,
                Above is { } above ? string.Create(CultureInfo.InvariantCulture, $"above {above}") : null,
                To is { } to ? string.Create(CultureInfo.InvariantCulture, $"at most {to}") : null,
                Below is { } below ? string.Create(CultureInfo.InvariantCulture, $"below {below}") : null,
            ];
            return $"a finite number {string.Join(" and ", bounds.Where(bound => bound is not null))}";
        }
    }

    /// <inheritdoc/>
    public override double Read(SourceNode node, string path)
    {
        if (node is not ScalarNode scalar || !scalar.TryNumber(out double value) || !Holds(value))
        {
            throw Wrong(node, path);
        }

        return Holds((float)value) ? value : throw Wrong(node, path, ", also when it is rounded to 32 bits.");
    }

    /// <inheritdoc/>
    public override JsonNode Write(double value) => JsonValue.Create(value);

    /// <inheritdoc/>
    public override JsonObject Describe()
    {
        var schema = new JsonObject { ["type"] = "number" };
        (string Name, double? Bound)[] bounds =
            [("minimum", From), ("exclusiveMinimum", Above), ("maximum", To), ("exclusiveMaximum", Below)];
        foreach ((string name, double? bound) in bounds)
        {
            if (bound is { } number)
            {
                schema[name] = number;
            }
        }

        return schema;
    }

    private bool Holds(double value) =>
        double.IsFinite(value) && !(value < From) && !(value <= Above) && !(value > To) && !(value >= Below);
}
