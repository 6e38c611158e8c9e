namespace UsageBilling.Tests.System.Conventions;

/// <summary>What may lie at the root, and what a file may not say.</summary>
public sealed class RootTests
{
    private static readonly string[] Allowed =
    [
        ".ci", ".dockerignore", ".editorconfig", ".gitattributes", ".gitignore", "api", "bench", "BannedSymbols.txt", "connectors", "Directory.Build.props",
        "Directory.Packages.props", "docker-compose.yml", "Dockerfile", "docs", "global.json", "grains", "interfaces", "LICENSE", "portal", "prorate", "README.md",
        "run", "runtime", "sandbox", "silo", "test", "tests", "UsageBilling.sln",
    ];

    private static readonly string[] Binary = [".dll", ".ico", ".pdb", ".png", ".woff2"];

    // A second working tree has a file .git where a clone has a folder
    [Fact]
    public void The_root_holds_only_what_is_listed() =>
        Tree.Clean(Tree.Files.Select(file => file.Split('/')[0]).Distinct().Except(Allowed).Except([".git"]).Select(name => $"{name} is not on the list of root files and folders"));

    [Fact]
    public void No_file_names_what_lies_outside_the_tree()
    {
        var outside = string.Concat("..", "/", "shared");
        Tree.Clean(Tree.Files.Where(file => !Binary.Contains(Path.GetExtension(file)) && Tree.Text(file).Contains(outside, StringComparison.Ordinal)).Select(file => $"{file} names {outside}"));
    }

    [Fact]
    public void Documents_and_folders_stay_where_readers_look_for_them() => Tree.Clean(
        Tree.Files.Where(file => file.StartsWith("docs/", StringComparison.Ordinal))
            .Except(["docs/API.md", "docs/ARCHITECTURE.md", "docs/DECISIONS.md", "docs/GETTING_STARTED.md", "docs/OPERATING.md", "docs/STYLE.md", "docs/openapi.json"])
            .Select(file => $"{file}: docs/ holds the five documents and the api's description; a folder explains itself in its own README"));
}
