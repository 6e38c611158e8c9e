using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox;

/// <summary>A seed file a person edits.</summary>
internal static class SeedFile
{
    private const long BytesMax = 64 * 1024 * 1024;

    public static JsonObject Read(string folder, string name)
    {
        var file = new FileInfo(Path.Combine(folder, name));
        if (!file.Exists)
            throw new SandboxCannotStartException($"There is no seed file {file.FullName}.", null);
        if (file.Length > BytesMax)
            throw new SandboxCannotStartException($"The seed file {file.FullName} is larger than {BytesMax} bytes.", null);
        return WireJson.ObjectFrom(File.ReadAllText(file.FullName))
            ?? throw new SandboxCannotStartException($"The seed file {file.FullName} is not a JSON object.", null);
    }

    /// <summary>The objects of a list, free to be changed.</summary>
    public static IEnumerable<JsonObject> Objects(JsonObject from, string name) =>
        (from[name] as JsonArray ?? []).OfType<JsonObject>().Select(item => (JsonObject)item.DeepClone());
}
