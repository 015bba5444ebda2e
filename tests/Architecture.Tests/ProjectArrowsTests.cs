using System.Reflection;
using System.Xml.Linq;

using Xunit;

namespace Trainer;

public sealed class ProjectArrowsTests
{
    private static readonly string[] Assemblies =
        ["Trainer.Math", "Trainer.Grains.Interfaces", "Trainer.Grains", "Trainer.Silo", "trainer"];

    // Who may reference whom, among the project's own assemblies. docs/architecture.md draws the same arrows.
    public static TheoryData<string, string[]> Arrows => new()
    {
        { "Trainer.Math", [] },
        { "Trainer.Grains.Interfaces", ["Trainer.Math"] },
        { "Trainer.Grains", ["Trainer.Grains.Interfaces", "Trainer.Math"] },
        { "Trainer.Silo", ["Trainer.Grains", "Trainer.Grains.Interfaces", "Trainer.Math"] },
        { "trainer", ["Trainer.Grains.Interfaces", "Trainer.Math", "Trainer.Silo"] },
    };

    [Theory]
    [MemberData(nameof(Arrows))]
    public void Assembly_References_OnlyAllowedProjects(string assembly, string[] allowed)
    {
        IEnumerable<string> own = Assembly.Load(assembly).GetReferencedAssemblies()
            .Select(name => name.Name!)
            .Where(name => name.StartsWith("Trainer", StringComparison.OrdinalIgnoreCase));

        Assert.Empty(own.Except(allowed));
    }

    [Fact]
    public void Math_References_NeitherOrleansNorHostingNorLogging()
    {
        IEnumerable<string> names = Assembly.Load("Trainer.Math").GetReferencedAssemblies().Select(name => name.Name!);

        Assert.DoesNotContain(
            names,
            name => name.StartsWith("Orleans", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.Extensions", StringComparison.Ordinal)
                || name.StartsWith("OpenTelemetry", StringComparison.Ordinal));
    }

    [Fact]
    public void Client_TouchesSilo_InOneClassOnly()
    {
        string[] files =
        [
            .. Repository.SourceFiles("src/Client")
                .Where(file => File.ReadAllText(file).Contains("using Trainer.Silos;", StringComparison.Ordinal))
                .Select(Repository.Relative),
        ];

        Assert.Single(files);
    }

    [Fact]
    public void Source_DeclaresNoForbiddenNames()
    {
        // A namespace Trainer.Math would hide System.Math everywhere; a type Trainer would hide the root namespace.
        IEnumerable<Type> types = Assemblies.SelectMany(name => Assembly.Load(name).GetTypes());

        Assert.DoesNotContain(
            types, type => type.Namespace?.StartsWith("Trainer.Math", StringComparison.Ordinal) == true);
        Assert.DoesNotContain(types, type => type.Name == "Trainer");
    }

    [Fact]
    public void Projects_Versions_ArePinnedCentrallyAndExactly()
    {
        XDocument packages = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"));

        Assert.All(
            packages.Descendants("PackageVersion"),
            package => Assert.Matches(@"^\d+(\.\d+)+$", package.Attribute("Version")?.Value));
    }
}
