namespace UsageBilling.Sandbox.Bms;

/// <summary>One server of the vendor: its own tenant, its own data, the same protocol. The name is the first path segment and the seed file's name.</summary>
internal sealed record BmsRegion(string Name, string Title)
{
    public static IReadOnlyList<BmsRegion> All { get; } =
    [
        new("bms-us", "Kaseya BMS, US"),
        new("bms-emea", "Kaseya BMS, EMEA"),
        new("vorex", "Vorex"),
    ];
}
