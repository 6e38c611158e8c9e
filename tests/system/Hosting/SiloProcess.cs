namespace UsageBilling.Tests.System.Hosting;

/// <summary>Silos in processes of their own.</summary>
internal static class SiloProcess
{
    /// <summary>Starts one, with the waits of a real one.</summary>
    public static Task<HubProcess> Start(Hub hub) => Start(hub.ConnectionString);

    /// <param name="settings">Further settings as <c>name=value</c>, without <c>UsageBilling__</c>.</param>
    public static Task<HubProcess> Start(string connection, params string[] settings) => Start(connection, new Dictionary<string, string>(), settings);

    /// <param name="environment">Variables that are no settings of the hub's.</param>
    public static Task<HubProcess> Start(string connection, IReadOnlyDictionary<string, string> environment, params string[] settings)
    {
        var all = new Dictionary<string, string>(environment) { ["UsageBilling__Connection"] = connection, ["UsageBilling__AllowLoopback"] = "true" };
        foreach (var pair in settings.Select(setting => setting.Split('=', 2))) all[$"UsageBilling__{pair[0]}"] = pair[1];
        return HubProcess.Start(["usagebilling.dll", "silo", "--health-port", "0"], "silo up", all);
    }
}
