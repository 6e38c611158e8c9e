using System.Xml.Linq;

namespace UsageBilling.Tests.System.Conventions;

/// <summary>Which project may know which: dependencies point inward, and the core needs nothing.</summary>
public sealed class ProjectTests
{
    [Theory]
    [InlineData("interfaces/Interfaces.csproj", "")]
    [InlineData("grains/Grains.csproj", "Interfaces")]
    [InlineData("runtime/Runtime.csproj", "Interfaces")]
    [InlineData("connectors/Connectors.csproj", "Interfaces")]
    [InlineData("silo/Silo.csproj", "Connectors Grains Interfaces Runtime")]
    [InlineData("api/Api.csproj", "Grains Interfaces Runtime")]
    [InlineData("sandbox/Sandbox.csproj", "")]
    public void A_project_references_exactly_what_it_may(string project, string allowed) =>
        Assert.Equal(allowed, string.Join(" ", Values(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)));

    [Fact]
    public void No_project_is_missing_from_the_list_above() => Assert.Equal(
        ["api", "connectors", "grains", "interfaces", "runtime", "sandbox", "silo"],
        Tree.With(".csproj").Where(file => !file.StartsWith("tests/", StringComparison.Ordinal)).Select(file => file.Split('/')[0]));

    [Theory]
    [InlineData("interfaces/Interfaces.csproj")]
    [InlineData("grains/Grains.csproj")]
    public void The_core_has_no_packages_and_no_framework_but_the_language(string project) =>
        Assert.Empty(Values(project, "PackageReference").Concat(Values(project, "FrameworkReference")));

    [Theory]
    [InlineData("interfaces/Interfaces.csproj")]
    [InlineData("runtime/Runtime.csproj")]
    public void Public_members_are_documented_because_the_compiler_insists(string project)
    {
        var properties = XDocument.Parse(Tree.Text(project)).Descendants();
        Assert.Equal("true", Assert.Single(properties, element => element.Name.LocalName == "GenerateDocumentationFile").Value);
        Assert.DoesNotContain(properties, element => element.Name.LocalName == "NoWarn" && element.Value.Contains("1591", StringComparison.Ordinal));
    }

    [Fact]
    public void Versions_of_packages_stand_in_one_place() => Tree.Clean(
        Tree.With(".csproj").Where(project => XDocument.Parse(Tree.Text(project)).Descendants("PackageReference").Any(package => package.Attribute("Version") is not null))
            .Select(project => $"{project} names a version; versions belong in Directory.Packages.props"));

    private static IEnumerable<string> Values(string project, string element) =>
        XDocument.Parse(Tree.Text(project)).Descendants(element).Select(found => found.Attribute("Include")!.Value.Replace('\\', '/'));
}
