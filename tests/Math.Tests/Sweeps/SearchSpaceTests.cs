using CsCheck;

using Trainer.Sweeps.Spaces;

using Xunit;

namespace Trainer.Sweeps;

public sealed class SearchSpaceTests
{
    // Every kind, a condition, a condition on a conditional one, and a list.
    public static SearchSpace Mixed { get; } = new(
        [
            Dimension.Uniform("u", -1, 2),
            Dimension.LogUniform("l", 1e-4, 1e-1),
            Dimension.Int("i", 16, 260, 16),
            Dimension.LogInt("n", 1, 1000),
            Dimension.Choice("c", ["sgd", "adam", "[8, 4]"]),
            Dimension.Uniform("m", 0, 0.99).Where(new Condition("c", [0])),
            Dimension.Choice("d", ["true", "false"]).Where(new Condition("c", [0, 2]), new Condition("k", [2])),
            Dimension.Int("k", 1, 3),
        ],
        [ListDimension.Create(
            "model.hidden",
            path => Dimension.Int(path, 1, 3),
            path => Dimension.Choice(path, ["8", "16", "32", "64"]))]);

    public static TheoryData<string, Dimension> Kinds => new()
    {
        { "uniform", Dimension.Uniform("x", -3, 5) },
        { "log_uniform", Dimension.LogUniform("x", 1e-5, 10) },
        { "int", Dimension.Int("x", -7, 100, 3) },
        { "log_int", Dimension.LogInt("x", 1, 5000) },
        { "choice", Dimension.Choice("x", ["a", "b", "c"]) },
    };

    public static TheoryData<Func<object>, string> Malformed => new()
    {
        { () => Dimension.Uniform("a", 2, 1), "'a' is [2, 1]; the first must be smaller than the second." },
        { () => Dimension.Uniform("a", 1, 1), "'a' is [1, 1], an empty range; set the value in the job instead." },
        { () => Dimension.Uniform("a", 0, double.NaN), "'a' is [0, NaN]; both ends must be finite numbers." },
        { () => Dimension.LogUniform("a", 0, 1), "'a' starts at 0; a logarithmic range must be above 0." },
        { () => Dimension.LogInt("a", -1, 5), "'a' starts at -1; a logarithmic range must be above 0." },
        { () => Dimension.Int("a", 1, 5, 0), "'a': the step is 0; it must be a whole number above 0." },
        { () => Dimension.Int("a", 1, 5.5), "'a' is [1, 5.5]; both ends must be whole numbers of at most 2^53." },
        { () => Dimension.Choice("a", []), "'a' has no choices; at least one is needed." },
        { () => Dimension.Choice("a", ["x", "x"]), "'a' has the choice x twice; choices must be different." },
        { () => new SearchSpace(), "The search space is empty; name at least one key of the job file to search." },
        {
            () => new SearchSpace(Dimension.Int("a", 1, 2), Dimension.Int("a", 1, 2)),
            "'a' is in the search space 2 times; once is allowed."
        },
        {
            () => new SearchSpace(
                Dimension.Int("abc", 1, 2), Dimension.Int("b", 1, 2).Where(new Condition("abd", [1]))),
            "'b': 'when' names 'abd', which is not in the search space; did you mean 'abc'?"
        },
        {
            () => new SearchSpace(
                Dimension.Uniform("a", 1, 2), Dimension.Int("b", 1, 2).Where(new Condition("a", [1]))),
            "'b': 'when' names 'a', a range of real numbers; a condition needs an int, log_int or choice."
        },
        {
            () => new SearchSpace(Dimension.Int("a", 1, 2), Dimension.Int("b", 1, 2).Where(new Condition("a", [3]))),
            "'b': 'when' names 'a' = 3, which it never is; its values go from 1 to 2."
        },
        {
            () => new SearchSpace(
                Dimension.Int("a", 1, 2).Where(new Condition("b", [1])),
                Dimension.Int("b", 1, 2).Where(new Condition("a", [1]))),
            "'a': its 'when' leads in a circle; no dimension may depend on itself."
        },
        {
            () => ListDimension.Create("h", path => Dimension.Uniform(path, 1, 2), path => Dimension.Int(path, 1, 2)),
            "'h.layers' must be an int or log_int range between 0 and 64 layers."
        },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Create_Malformed_SaysWhatIsAllowed(Func<object> create, string message)
    {
        SearchSpaceException error = Assert.Throws<SearchSpaceException>(create);

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Validate_SeveralErrors_OneLineEach()
    {
        IReadOnlyList<string> errors = SearchSpace.Validate(
        [
            Dimension.Int("a", 1, 2), Dimension.Int("a", 1, 2), Dimension.Int("b", 1, 2).Where(new Condition("q", [1])),
        ]);

        Assert.Equal(2, errors.Count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_AnyPlace_IsAValueThatEncodesBack(string kind, Dimension dimension)
    {
        Gen.Double[0, 1].Sample(unit =>
        {
            double value = dimension.Decode(unit);

            Assert.True(dimension.Contains(value), $"{kind} gave {value}");
            double half = dimension.IsDiscrete ? dimension.Cell(value).To - dimension.Cell(value).From : 1e-9;
            Assert.InRange(dimension.Encode(value), unit - half, unit + half);
            double again = dimension.Decode(dimension.Encode(value));
            Assert.Equal(value, again, Math.Abs(value) * 1e-12);
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_Ends_AreTheBounds(string kind, Dimension dimension)
    {
        _ = kind;

        Assert.Equal(dimension.Low, dimension.Decode(0));
        Assert.Equal(dimension.High, dimension.Decode(1));
        Assert.Equal(dimension.Low, dimension.Decode(-0.1));
        Assert.Equal(dimension.High, dimension.Decode(1.1));
    }

    [Fact]
    public void Int_StepThatMissesTheEnd_EndsBelow()
    {
        Dimension dimension = Dimension.Int("x", 1, 10, 4);

        Assert.Equal((9, 3), (dimension.High, dimension.Count));
    }

    [Fact]
    public void Cells_OfADiscreteDimension_TileTheUnitInterval()
    {
        foreach (Dimension dimension in new[] { Dimension.Int("x", 2, 11, 3), Dimension.LogInt("x", 1, 9) })
        {
            double end = 0;
            for (double value = dimension.Low; value <= dimension.High; value += dimension.Step)
            {
                (double from, double to) = dimension.Cell(value);
                Assert.Equal(end, from, 1e-12);
                Assert.Equal(value, dimension.Decode((from + to) / 2));
                end = to;
            }

            Assert.Equal(1, end, 1e-12);
        }
    }

    [Fact]
    public void Decode_AnyPoint_IsContainedAndRoundTrips()
    {
        Gen.Double[0, 1].Array[Mixed.Dimensions.Count].Sample(unit =>
        {
            ParameterSet point = Mixed.Decode(unit);

            Assert.True(Mixed.Contains(point));
            double[] encoded = new double[unit.Length];
            Mixed.Encode(point, encoded);
            ParameterSet again = Mixed.Decode(encoded);
            for (int i = 0; i < unit.Length; i++)
            {
                Assert.Equal(point.IsActive(i), again.IsActive(i));
            }
        });
    }

    [Fact]
    public void Decode_Conditions_SayWhatIsActive()
    {
        double[] unit = new double[Mixed.Dimensions.Count];
        Array.Fill(unit, 0.4);
        unit[Mixed.IndexOf("c")] = 0;

        ParameterSet sgd = Mixed.Decode(unit);
        unit[Mixed.IndexOf("c")] = 0.5;
        ParameterSet adam = Mixed.Decode(unit);

        Assert.Equal((true, true), (sgd.IsActive(Mixed.IndexOf("m")), sgd.IsActive(Mixed.IndexOf("d"))));
        Assert.Equal((false, false), (adam.IsActive(Mixed.IndexOf("m")), adam.IsActive(Mixed.IndexOf("d"))));
    }

    [Fact]
    public void Contains_OutOfBoundsOrWronglyActive_IsFalse()
    {
        var space = new SearchSpace(
            Dimension.Int("a", 1, 2), Dimension.Uniform("b", 0, 1).Where(new Condition("a", [2])));

        Assert.True(space.Contains(new ParameterSet([2, 0.5])));
        Assert.False(space.Contains(new ParameterSet([2, 1.5])));
        Assert.False(space.Contains(new ParameterSet([1, 0.5])));
        Assert.False(space.Contains(new ParameterSet([2, double.NaN])));
        Assert.False(space.Contains(new ParameterSet([1.5, double.NaN])));
        Assert.False(space.Contains(new ParameterSet([1])));
    }

    [Fact]
    public void Equality_SameValues_IsEqual()
    {
        var point = new ParameterSet([1, double.NaN, 0.0]);

        Assert.Equal(point, new ParameterSet([1, double.NaN, -0.0]));
        Assert.Equal(point.GetHashCode(), new ParameterSet([1, double.NaN, -0.0]).GetHashCode());
        Assert.NotEqual(point, new ParameterSet([1, 0, 0.0]));
    }

    [Fact]
    public void Count_ConditionalSpace_IsTheNumberOfDifferentPoints()
    {
        var space = new SearchSpace(
            [
                Dimension.Choice("c", ["a", "b", "c"]),
                Dimension.Int("x", 1, 5).Where(new Condition("c", [1])),
                Dimension.Int("y", 1, 2).Where(new Condition("x", [2, 3])),
                Dimension.Int("free", 0, 6),
            ],
            [ListDimension.Create(
                "h", path => Dimension.Int(path, 1, 3), path => Dimension.Choice(path, ["8", "16"]))]);

        // (2 + 3 + 2 * 2) * 7 * (2 + 4 + 8)
        Assert.Equal(882, space.Count);
        ParameterSet[] points = [.. SpacePoints.All(space, 1)];
        Assert.Equal(882, points.Distinct().Count());
        Assert.Equal(882, points.Length);
        Assert.All(points, point => Assert.True(space.Contains(point)));
    }

    [Fact]
    public void Count_RealOrHuge_IsNullOrTheLimit()
    {
        Assert.Null(Mixed.Count);
        var huge = new SearchSpace([.. Enumerable.Range(0, 9).Select(i => Dimension.Int($"x{i}", 0, 1 << 20))]);
        Assert.Equal(1L << 62, huge.Count);
    }

    [Fact]
    public void Format_Point_WritesJobFileValues()
    {
        SearchSpace space = new(
            [Dimension.LogUniform("rate", 1e-4, 1e-1), Dimension.Choice("optimizer.name", ["sgd", "adam"])],
            [ListDimension.Create(
                "model.hidden", path => Dimension.Int(path, 1, 3), path => Dimension.Choice(path, ["8", "16"]))]);

        IReadOnlyList<KeyValuePair<string, string>> lines =
            space.Format(new ParameterSet([0.001, 1, 2, 1, 0, double.NaN]));

        Assert.Equal(
            ["rate=0.001", "optimizer.name=adam", "model.hidden=[16, 8]"],
            lines.Select(line => $"{line.Key}={line.Value}"));
    }

    [Fact]
    public void Format_SharedWidth_RepeatsIt()
    {
        SearchSpace space = new([], [ListDimension.Create(
            "model.hidden", path => Dimension.Int(path, 0, 3), path => Dimension.Int(path, 4, 8), isShared: true)]);

        Assert.Equal("[5, 5, 5]", space.Format(new ParameterSet([3, 5])).Single().Value);
        Assert.Equal("[]", space.Format(new ParameterSet([0, double.NaN])).Single().Value);
        Assert.Equal(16, space.Count);
    }
}
