namespace UsageBilling.Tests.System.Hosting;

/// <summary>Apis in processes of their own.</summary>
internal static class ApiProcess
{
    private const string Up = "api listening on ";

    /// <summary>Starts one on a free port.</summary>
    public static async Task<(HubProcess Process, Uri BaseUrl)> Start(string connection)
    {
        var process = await HubProcess.Start(["UsageBilling.Api.dll", "--port", "0"], Up, new Dictionary<string, string> { ["UsageBilling__Connection"] = connection });
        return (process, new Uri(process.Up[Up.Length..] + "/"));
    }
}
