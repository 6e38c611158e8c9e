using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Control;

/// <summary>The one gate around all state, and the file it is kept in when one is named.</summary>
internal sealed class SandboxState(string? file)
{
    private readonly List<IVendor> vendors = [];

    public Lock Gate { get; } = new();

    /// <summary>Loads what the file holds for the vendors. One sentence when the file cannot be used, else null.</summary>
    public string? Open(IReadOnlyList<IVendor> all)
    {
        vendors.AddRange(all);
        if (file is null)
            return null;
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))
            return $"The folder of the state file {file} does not exist.";
        if (!File.Exists(file))
            return null;
        if (WireJson.ObjectFrom(File.ReadAllText(file)) is not { } saved)
            return $"The state file {file} is not a JSON object; remove it to start from the seed.";
        foreach (var vendor in vendors)
        {
            if (saved[vendor.Name] is JsonObject part)
                vendor.FromState(part);
        }

        return null;
    }

    /// <summary>Writes a neighbour and renames it, so that a reader sees the old state or the new one. Call inside the gate.</summary>
    public void Save()
    {
        if (file is null)
            return;
        var all = new JsonObject();
        foreach (var vendor in vendors)
            all[vendor.Name] = vendor.ToState();
        var neighbour = file + ".tmp";
        File.WriteAllText(neighbour, WireJson.Text(all));
        File.Move(neighbour, file, overwrite: true);
    }
}
