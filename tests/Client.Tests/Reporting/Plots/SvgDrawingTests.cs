using System.Xml.Linq;

using Xunit;

namespace Trainer.Reporting.Plots;

public sealed class SvgDrawingTests
{
    [Theory]
    [InlineData("a & b < c > \"d\"")]
    [InlineData("</text><script>alert(1)</script>")]
    [InlineData("caf\u00e9 \ud83d\ude00")]
    public void Text_OfUser_StandsInThePictureAsItIs(string text)
    {
        var drawing = new SvgDrawing(100, 50, text);

        drawing.Text(1, 2, text, new TextStyle());

        XElement svg = XElement.Parse(drawing.ToString());
        Assert.Equal(text, svg.Elements().Single(element => element.Name.LocalName == "text").Value);
        Assert.Equal(text, svg.Elements().Single(element => element.Name.LocalName == "title").Value);
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName == "script");
    }

    [Fact]
    public void Escape_WhatXmlCannotHold_IsReplaced() =>
        Assert.Equal("a\ufffdb\ufffd[1m half \ufffd pair", SvgDrawing.Escape("a\u0000b\u001b[1m half \ud83d pair"));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Line_CoordinateThatIsNoNumber_Throws(double value)
    {
        var drawing = new SvgDrawing(100, 50, "t");

        Assert.Throws<ArgumentException>(() => drawing.Line(0, value, 1, 1, Palette.Ink));
    }

    [Fact]
    public void ToString_AnyPicture_HasItsSizeAndAWhiteGround()
    {
        XElement svg = XElement.Parse(new SvgDrawing(640, 480.5, "t").ToString());

        Assert.Equal("0 0 640 480.5", svg.Attribute("viewBox")!.Value);
        Assert.Equal("#ffffff", svg.Elements().Single(part => part.Name.LocalName == "rect").Attribute("fill")!.Value);
    }

    [Theory]
    [InlineData("#000000", "#ffffff", 0.5, "#808080")]
    [InlineData("#102030", "#ffffff", 0, "#102030")]
    [InlineData("#102030", "#ffffff", 1, "#ffffff")]
    public void Mix_TwoColours_IsBetween(string from, string to, double share, string expected) =>
        Assert.Equal(expected, Palette.Mix(from, to, share));
}
