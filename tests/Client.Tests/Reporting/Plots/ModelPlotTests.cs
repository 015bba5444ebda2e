using System.Globalization;
using System.Xml.Linq;

using Trainer.Models;

using Xunit;

namespace Trainer.Reporting.Plots;

/// <summary>Pictures of what a model has learned: gradients, fit, hidden units.</summary>
public sealed class ModelPlotTests
{
    private const string Red = "#d55e00";
    private const string Blue = "#0072b2";

    [Fact]
    public void Gradients_LinesOfAFile_OneSeriesALayer()
    {
        var curve = GradientCurve.Parse(
        [
            """{"epoch":1,"gradient_norms":[0.001,1]}""",
            """{"epoch":2,"gradient_norms":[null,0.1]}""",
            """{"epoch":3,"train_loss":0.5}""",
            """{"epoch":4,"gradient_n""",
        ]);

        Assert.Equal([(1, 0.001)], curve.Layers[0]);
        Assert.Equal([(1, 1.0), (2, 0.1)], curve.Layers[1]);
    }

    [Fact]
    public void Gradients_ThousandTimesSmaller_LiesThreeDecadesLower()
    {
        var curve = new GradientCurve([[(1, 0.01), (2, 0.01)], [(1, 10), (2, 10)], [(1, 0), (2, 0)]]);

        XElement svg = XElement.Parse(curve.Draw("run"));

        double[] heights = [.. Of(svg, "polyline").Select(line => Points(line)[0].Y)];

        // The third is 0: on the lower edge, 12 decades below 1.
        Assert.Equal(3.0 / 10, (heights[0] - heights[1]) / (heights[2] - heights[0]), 0.01);
        Assert.Contains("layers.0 (first)", Texts(svg));
        Assert.Contains("layers.2 (output)", Texts(svg));
        Assert.Contains("1e-12", Texts(svg));
    }

    [Fact]
    public void Fit_Sigmoid_RisesFromLowerToUpperRows()
    {
        var plot = new FitPlot("run", "x", "label", ["no", "yes"], [(-4, 0), (4, 1)]);
        float[] probabilities = [.. plot.Grid().Select(x => (float)(1 / (1 + Math.Exp(-9 * x))))];

        XElement svg = XElement.Parse(plot.Draw(probabilities, 0.5));

        (double X, double Y)[] line = Points(Of(svg, "polyline").Single(piece => Points(piece).Length > 2));
        double no = Number(Of(svg, "circle").First(), "cy");
        (double X, double Y)[] yes = Points(Of(svg, "polygon").First());
        Assert.Equal(no, line[0].Y, 0.1);
        Assert.Equal(yes.Average(corner => corner.Y), line[^1].Y, 0.1);
        Assert.Contains("probability of 'yes'", Texts(svg));
    }

    [Fact]
    public void Fit_ThreeClasses_ALineEach()
    {
        var plot = new FitPlot("run", "x", "label", ["a", "b", "c"], [(0, 0), (1, 1), (2, 2)]);

        XElement svg = XElement.Parse(plot.Draw([.. plot.Grid().SelectMany(_ => new[] { 0.2f, 0.3f, 0.5f })], 0.5));

        Assert.Equal(3, Of(svg, "polyline").Count());
    }

    [Fact]
    public void Fit_Regression_ShowsRowsAndPredictions()
    {
        var plot = new FitPlot("run", "x", "y", [], [(0, 10), (1, 20), (2, 15)]);

        XElement svg = XElement.Parse(plot.Draw([.. plot.Grid().Select(_ => 30f)], 0.5));

        // Three rows and one in the legend.
        Assert.Equal(4, Of(svg, "circle").Count());
        Assert.Contains("30", Texts(svg));
    }

    [Fact]
    public void UnitMap_OneUnitOfASignAUnit_ColoursItsHalf()
    {
        var plot = new UnitMapPlot("run", ["x", "y"], new AxisRange(-1, 1), new AxisRange(-1, 1), Activation.Tanh);
        float[] layer = [.. plot.Grid().SelectMany(at => new[] { (float)at[0], 0f })];

        XElement svg = XElement.Parse(plot.Draw([layer]));

        Assert.True(Cells(svg, Blue) > 0);
        Assert.Equal(Cells(svg, Blue), Cells(svg, Red));
        Assert.Contains("hidden 1: 2 units", Texts(svg));
        Assert.Contains("-1 to 1", Texts(svg));
        Assert.Contains("0 to 0", Texts(svg));
    }

    [Fact]
    public void UnitMap_WideLayer_ShowsTheFirst()
    {
        var plot = new UnitMapPlot("run", ["x", "y"], new AxisRange(-1, 1), new AxisRange(-1, 1), Activation.Tanh);
        float[] layer = new float[UnitMapPlot.GridSize * UnitMapPlot.GridSize * 40];

        XElement svg = XElement.Parse(plot.Draw([layer]));

        Assert.Contains("hidden 1: 40 units, the first 32", Texts(svg));
    }

    [Fact]
    public void UnitRows_TwoClasses_SortedByClassThenPrediction()
    {
        // Rows: yes .9, no .8, no .1; the unit's outputs tell them apart.
        var plot = new UnitRowPlot("run", ["no", "yes"], [1, 0, 0], [0.9f, 0.8f, 0.1f], Activation.Relu);

        XElement svg = XElement.Parse(plot.Draw([[-1f, 0f, 1f]]));

        double Top(string colour) => double.Parse(
            Of(svg, "path").Single(path => path.Attribute("fill")!.Value == colour)
                .Attribute("d")!.Value.Split(' ')[1].Split('h')[0],
            CultureInfo.InvariantCulture);
        Assert.True(Top(Blue) < Top(Red));
        Assert.Equal(["no", "yes"], Texts(svg).Where(text => text is "no" or "yes"));
    }

    private static int Cells(XElement svg, string colour) => Of(svg, "path")
        .Where(path => path.Attribute("fill")!.Value == colour)
        .Sum(path => path.Attribute("d")!.Value.Count(symbol => symbol == 'M'));

    private static (double X, double Y)[] Points(XElement line) =>
    [
        .. line.Attribute("points")!.Value.Split(' ').Select(point => point.Split(','))
            .Select(pair => (
                double.Parse(pair[0], CultureInfo.InvariantCulture),
                double.Parse(pair[1], CultureInfo.InvariantCulture))),
    ];

    private static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static IEnumerable<XElement> Of(XElement svg, string name) =>
        svg.Descendants().Where(element => element.Name.LocalName == name);

    private static string[] Texts(XElement svg) => [.. Of(svg, "text").Select(text => text.Value)];
}
