using System.Globalization;
using System.Xml.Linq;

using Trainer.Inference;

using Xunit;

namespace Trainer.Reporting.Plots;

public sealed class PlotTests : IDisposable
{
    private const string Name = "<run> & \"co\"";

    private readonly SmallModels _models = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public void Roc_KnownScores_HasKnownPointsAndArea()
    {
        // 3 of 4 pairs are in order, as scikit-learn's roc_auc_score([0, 0, 1, 1], [.1, .4, .35, .8]) says.
        var curve = RocCurve.Create([0.35f, 0.8f], [0.1f, 0.4f]);

        Assert.Equal(0.75, curve.Area);
        Assert.Equal([(0, 0), (0, 0.5), (0.5, 0.5), (0.5, 1), (1, 1)], curve.Points);
    }

    [Fact]
    public void Roc_EqualScores_AreOneStep()
    {
        var curve = RocCurve.Create([1, 1], [1, 1, 1]);

        Assert.Equal(0.5, curve.Area);
        Assert.Equal([(0, 0), (1, 1)], curve.Points);
    }

    [Fact]
    public void Roc_ManyScores_DrawsFewPoints()
    {
        float[] scores = [.. Enumerable.Range(0, 50_000).Select(i => (float)i)];

        XElement svg = Parse(RocCurve.Create(scores, scores).Draw(Name, "yes", 0.5, (0.5, 0.5)));

        IEnumerable<int> points = Of(svg, "polyline").Select(line => line.Attribute("points")!.Value.Split(' ').Length);
        Assert.InRange(points.Max(), 100, 5000);
    }

    [Fact]
    public void LearningCurve_FoldsTornLinesAndNoNumbers_AreLeftOut()
    {
        var curve = LearningCurve.Parse(
        [
            """{"fold":1,"epoch":1,"train_loss":0.9,"validation":{}}""",
            """{"fold":null,"epoch":1,"train_loss":0.5,"validation":{"loss":0.6}}""",
            """{"epoch":2,"train_loss":null,"validation":{"loss":0.4}}""",
            """{"epoch":3,"train_loss":0.3,"valid""",
            "",
        ]);

        Assert.Equal([(1, 0.5)], curve.Train);
        Assert.Equal([(1, 0.6), (2, 0.4)], curve.Validation);
    }

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(7, 0.0)]
    [InlineData(7, 1e-30)]
    [InlineData(7, 1e30)]
    public void LearningCurve_AnyLosses_DrawsFiniteLines(int epochs, double loss)
    {
        (double, double)[] points = [.. Enumerable.Range(1, epochs).Select(epoch => ((double)epoch, loss / epoch))];

        XElement svg = Parse(new LearningCurve(points, points).Draw(Name, best: 1));

        Assert.Equal(2, Of(svg, "polyline").Count());
        Assert.Contains("train loss", Texts(svg));
        Assert.Contains("model: epoch 1", Texts(svg));
    }

    [Fact]
    public void Confusion_Counts_StandInTheirCells()
    {
        XElement svg = Parse(ConfusionPlot.Draw(Name, ["a", "<b>", "c"], [5, 1, 0, 0, 7, 0, 0, 0, 0]));

        string[] texts = Texts(svg);
        Assert.Contains("<b>", texts);
        Assert.Contains("12 of 13 rows right", texts);
        Assert.Equal(["5", "1", "0", "0", "7", "0", "0", "0", "0"], texts.Where(text => text.All(char.IsDigit)));
        Assert.Equal(1 + 9, Of(svg, "rect").Count(cell => cell.Attribute("fill")!.Value != "none"));
    }

    [Fact]
    public void Network_SmallModel_HasALineAWeight()
    {
        XElement svg = Parse(NetworkPlot.Draw(Name, _models.ThreeClasses()));

        // 2 x 3 weights and 2 lines of the legend.
        Assert.Equal(6 + 2, Of(svg, "line").Count());
        Assert.Equal(5, Of(svg, "circle").Count());
        Assert.All(new[] { "x", "y", "a", "b,c", "d", "inputs", "outputs" }, text => Assert.Contains(text, Texts(svg)));
    }

    [Fact]
    public void Boundary_HalfPlane_CrossesWhereTheModelDoes()
    {
        // p = 0.5 where x = 0: probabilities rise from left to right.
        var plot = new BoundaryPlot(Name, ["x", "<y>"], ["no", "yes"], [(-1, -1, 0), (1, 1, 1)]);
        float[] probabilities = [.. plot.Grid().Select(point => (float)(1 / (1 + Math.Exp(-3 * point.X))))];

        XElement svg = Parse(plot.Draw(probabilities, 0.5));

        double[] middle = [.. Of(svg, "line").Where(IsContour).Select(line => Number(line, "x1"))];
        double[] frame = [.. Of(svg, "rect").Where(box => box.Attribute("fill")!.Value == "none")
            .Select(box => Number(box, "x") + (Number(box, "width") / 2))];
        Assert.True(middle.Length >= BoundaryPlot.GridSize - 1);
        Assert.All(middle, x => Assert.Equal(frame[0], x, 1.0));
        Assert.Contains("<y>", Texts(svg));
    }

    [Fact]
    public void Boundary_ThreeClasses_HasNoContour()
    {
        var plot = new BoundaryPlot(Name, ["x", "y"], ["a", "b", "c"], [(0, 0, 0), (0, 0, 1), (0, 0, 2)]);
        float[] probabilities = [.. plot.Grid().SelectMany(_ => new[] { 0.2f, 0.5f, 0.3f })];

        XElement svg = Parse(plot.Draw(probabilities, 0.5));

        Assert.DoesNotContain(Of(svg, "line"), IsContour);
        Assert.Contains("c", Texts(svg));
    }

    private static bool IsContour(XElement line) => line.Attribute("stroke-width")!.Value == "1.6";

    private static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static XElement Parse(string svg)
    {
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("\u221e", svg, StringComparison.Ordinal);
        XElement root = XElement.Parse(svg);
        Assert.Contains(Name, Of(root, "title").Single().Value);
        return root;
    }

    private static IEnumerable<XElement> Of(XElement svg, string name) =>
        svg.Descendants().Where(element => element.Name.LocalName == name);

    private static string[] Texts(XElement svg) => [.. Of(svg, "text").Select(text => text.Value)];
}
